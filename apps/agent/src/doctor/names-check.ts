import { fine, type Finding } from "./finding.ts";

/** Whether the names are found that this worker has to do with; `lookup` rejects where one is not. */
export async function checkNames(
  names: readonly string[],
  lookup: (name: string) => Promise<unknown>,
): Promise<Finding | undefined> {
  if (names.length === 0) return undefined;
  const found = await Promise.all(
    names.map((name) =>
      lookup(name).then(
        () => undefined,
        (error: unknown) => `${name} (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`,
      ),
    ),
  );
  const missing = found.filter((each) => each !== undefined);
  if (missing.length === 0) return fine(`${names.join(", ")} ${names.length === 1 ? "is" : "are"} found.`);
  const all = missing.length === names.length;
  return {
    status: all ? "fail" : "warn",
    message: `DNS does not find ${missing.join(", ")}.`,
    next: all
      ? "See what answers names: cat /etc/resolv.conf."
      : "Correct the name where it is set, or see what answers names: cat /etc/resolv.conf.",
  };
}
