import { isAbsolute, resolve } from "node:path";
import { CliError, EXIT } from "./errors.ts";
import type { Io } from "./io.ts";
import type { Target } from "./target.ts";

/** Where relative paths in references start from; another machine's directories mean nothing on this one. */
export function callerDirectory(io: Io, target: Target): { cwd?: string } {
  return target.kind === "socket" && target.on === undefined ? { cwd: io.cwd } : {};
}

/** A path on the worker. Throws `usage` for a relative one where the worker is another machine. */
export function workerPath(io: Io, target: Target, given: string): string {
  if (isAbsolute(given)) return given;
  const { cwd } = callerDirectory(io, target);
  if (cwd !== undefined) return resolve(cwd, given);
  throw new CliError("usage", `'${given}' is a path on another machine, where this directory means nothing.`, {
    next: "Give it from the root: /srv/git/tool.git.",
    exit: EXIT.usage,
  });
}
