/** What to do next on this page, by code, where the worker's own words name options of its commands and calls. */
export const nextHere: Readonly<Record<string, string>> = {
  directory_not_empty: "Name another, or empty it first.",
  file_exists: "Name another.",
  uncommitted_work: "Commit or stash it first.",
  unpushed_work: "Push it or keep it on a branch first.",
};

const OVER: ReadonlyMap<unknown, string> = new Map([
  ["revoked", "This browser's sign-in was revoked."],
  ["expired", "This browser's sign-in has expired."],
]);

/** What is told where the agent refuses this browser's token, by the reason that it gives. */
export function signInOver(reason: unknown): { code: string; message: string; next: string } {
  return {
    code: "unauthorized",
    message: OVER.get(reason) ?? "The worker does not know this browser's sign-in.",
    next: "Open a new one-time link: run ws open on the worker.",
  };
}
