import { WsError } from "../errors.ts";
import { suggestName } from "../names.ts";
import type { TerminalSize } from "../ports.ts";

const LONGEST = 32;
const TERMINAL_ID = /^[a-z0-9][a-z0-9-]{0,31}$/;
/** Beyond this no screen is that large, and every program has to paint it. */
const LARGEST = 1_000;

export function isTerminalId(text: string): boolean {
  return TERMINAL_ID.test(text);
}

/** Whether a screen can have so many columns or rows. */
export function isScreenSide(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= LARGEST;
}

/** Throws `invalid_input` where the text is no terminal id: it becomes a directory's name. */
export function requireTerminalId(id: string): void {
  if (isTerminalId(id)) return;
  const suggestion = suggestName(id)?.slice(0, LONGEST);
  throw new WsError("invalid_input", {
    message: "A terminal is named with 1 to 32 lower-case letters, digits and hyphens, and begins with no hyphen.",
    next: suggestion === undefined ? "Try a name such as 'build'." : `Try '${suggestion}'.`,
    data: { field: "terminal" },
  });
}

/** Throws `invalid_input` for a size that no screen has. */
export function requireTerminalSize({ cols, rows }: TerminalSize): void {
  if (isScreenSide(cols) && isScreenSide(rows)) return;
  throw new WsError("invalid_input", {
    message: `A terminal has 1 to ${LARGEST} columns and rows.`,
    data: { field: isScreenSide(cols) ? "rows" : "cols" },
  });
}

export function terminalNameTaken(name: string): WsError<"name_taken"> {
  return new WsError("name_taken", {
    message: `Another terminal of this workspace is called '${name}'.`,
    next: "Choose another name, or rename that one first; one that has ended keeps its name too.",
    data: { name },
  });
}

export function terminalNotFound(id: string): WsError<"terminal_not_found"> {
  return new WsError("terminal_not_found", {
    message: `There is no running terminal '${id}'.`,
    next: "Open it again.",
    data: { terminal: id },
  });
}
