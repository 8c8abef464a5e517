import { constants } from "node:os";
import type { ExitStatus } from "@ws/workspace-core";

const NAMES = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** As a shell says it: 128 + n where signal n ended the program. */
export function exitStatus(code: number | null, killedBy: NodeJS.Signals | number | null | undefined): ExitStatus {
  if (typeof killedBy === "string") return { code: 128 + constants.signals[killedBy], signal: killedBy };
  if (typeof killedBy === "number" && killedBy > 0) {
    const signal = NAMES.get(killedBy);
    return { code: 128 + killedBy, ...(signal === undefined ? {} : { signal }) };
  }
  return { code: code ?? 0 };
}
