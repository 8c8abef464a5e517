import { throwIfAborted } from "@ws/workspace-core";
import { checkRef } from "../commands/ref-name.ts";
import { type Context, failed } from "./context.ts";
import { refNotFound } from "./failures.ts";

/** The commit of a branch, tag or commit; every command after this is given its hash, and never the name. Throws `invalid_ref`, `ref_not_found`. */
export async function commitOf(context: Context, ref: string): Promise<string> {
  const commit = await findCommit(context, ref);
  if (commit === undefined) throw refNotFound(ref);
  return commit;
}

/** Undefined where there is none. */
export async function findCommit(context: Context, ref: string): Promise<string | undefined> {
  checkRef(ref);
  return findVerified(context, `${ref}^{commit}`);
}

/** The commit of a reference by its whole name, such as one of the remote's. */
export function findExactly(context: Context, ref: string): Promise<string | undefined> {
  return findVerified(context, `${ref}^{commit}`);
}

async function findVerified(context: Context, expression: string): Promise<string | undefined> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", expression];
  const said = await context.runner.run({ args, kind: "read" });
  throwIfAborted(context.runner.signal);
  if (said.code === 0) return said.stdout.trim();
  if (
    said.stderr.startsWith("fatal: ") &&
    !/Needed a single revision|ambiguous argument|bad revision/.test(said.stderr)
  ) {
    throw failed(context, "rev-parse", said);
  }
  return undefined;
}

/** The branch that is checked out, born or not; undefined where it is none. */
export async function currentBranch(context: Context): Promise<string | undefined> {
  const said = await context.runner.run({ args: ["symbolic-ref", "--quiet", "--short", "HEAD"], kind: "read" });
  if (said.code > 1) throw failed(context, "symbolic-ref", said);
  return said.stdout.trim() || undefined;
}

/** How many of the history of these commits nothing else holds. */
export async function countCommits(context: Context, args: readonly string[]): Promise<number> {
  const said = await context.runner.run({ args: ["rev-list", "--count", ...args, "--"], kind: "read" });
  if (said.code !== 0) throw failed(context, "rev-list", said);
  return Number(said.stdout.trim());
}
