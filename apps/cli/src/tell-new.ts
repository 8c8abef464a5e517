import type { AgentClient } from "@ws/rpc-contract/client";
import type { Context } from "./context.ts";
import { toCliError } from "./errors.ts";

/** Does what makes a repository of a new name, and says so: a name that is mistyped would be missed much later. */
export async function tellNew<T>(
  { hint }: Pick<Context, "hint">,
  client: Pick<AgentClient, "providers">,
  asked: { reference: string; cwd?: string },
  work: () => Promise<T>,
): Promise<T> {
  const { reference, cwd } = asked;
  const before = await client.providers.peek({ reference, ...(cwd === undefined ? {} : { cwd }) }).then(
    () => undefined,
    (error: unknown) => toCliError(error),
  );
  const done = await work();
  if (before?.code !== "reference_not_found") return done;
  hint(`'${reference}' is new: the worker has made a repository for it.`);
  const near = nearestOf(before.cause);
  if (near !== undefined)
    hint(`It has a project '${near}', too. Should that be it: ws project remove undoes the new one.`);
  return done;
}

function nearestOf(error: unknown): string | undefined {
  const { nearest } = (error as { data?: { details?: { nearest?: unknown } } }).data?.details ?? {};
  return typeof nearest === "string" ? nearest : undefined;
}
