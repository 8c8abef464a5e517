import type { Io } from "./io.ts";
import type { Target } from "./target.ts";

/** Where relative paths in references start from; another machine's directories mean nothing on this one. */
export function callerDirectory(io: Io, target: Target): { cwd?: string } {
  return target.kind === "socket" ? { cwd: io.cwd } : {};
}
