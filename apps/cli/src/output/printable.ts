import { stripVTControlCharacters } from "node:util";

/** Text without what a terminal would obey, or draw in another order than it was written; its lines stay lines, each in its last form. */
export function printable(text: string): string {
  return stripVTControlCharacters(lastForms(text)).replace(/[^\P{Cc}\n\t]|[\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, "");
}

/** The same on one line. */
export function oneLine(text: string): string {
  return printable(text.replace(/\r\n?|[\n\t]/g, " "));
}

/** Of each line that was rewritten in place, as a progress bar is, what stood there last. */
export function lastForms(text: string): string {
  return text.split("\n").map(lastForm).join("\n");
}

function lastForm(line: string): string {
  let end = line.length;
  while (line[end - 1] === "\r") end -= 1;
  return line.slice(line.lastIndexOf("\r", end - 1) + 1, end);
}
