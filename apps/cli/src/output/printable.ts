import { stripVTControlCharacters } from "node:util";

/** Text without what a terminal would obey; its lines stay lines. */
export function printable(text: string): string {
  return stripVTControlCharacters(text.replace(/\r\n?/g, "\n")).replace(/[^\P{Cc}\n\t]/gu, "");
}
