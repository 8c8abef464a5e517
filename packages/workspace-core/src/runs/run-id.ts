import { WsError } from "../errors.ts";
import { isOffset } from "../terminals/bounded-log.ts";

const RUN_ID = /^[A-Za-z][A-Za-z0-9._-]{0,99}$/;

export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}

/** Throws `invalid_input` where the text is no run's id: it becomes a directory's name. */
export function requireRunId(id: string): void {
  if (isRunId(id)) return;
  throw new WsError("invalid_input", {
    message: "A run is named with 1 to 100 letters, digits, '-', '_' and '.', and begins with a letter.",
    next: "Use an id such as 'build.1'.",
    data: { field: "id" },
  });
}

export function runNotFound(id: string): WsError<"run_not_found"> {
  return new WsError("run_not_found", {
    message: `There is no run '${id}' in this workspace.`,
    next: "Start it, or list those that there are.",
    data: { run: id },
  });
}

/** Throws `invalid_input` for what no byte's place is. */
export function requireOffset(from: number): void {
  if (isOffset(from)) return;
  throw new WsError("invalid_input", {
    message: "Output is read from a whole number of bytes on.",
    next: "Begin at 0, or where you were.",
    data: { field: "from" },
  });
}
