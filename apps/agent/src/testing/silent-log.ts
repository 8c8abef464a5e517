import type { Log } from "@ws/workspace-core";

export interface SilentLog extends Log {
  /** What would have been written, as `level message`. */
  readonly lines: { level: string; message: string; fields: Record<string, unknown> }[];
}

export function createSilentLog(): SilentLog {
  const lines: SilentLog["lines"] = [];
  const at =
    (level: string): Log["info"] =>
    (message, fields = {}) =>
      void lines.push({ level, message, fields });
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
