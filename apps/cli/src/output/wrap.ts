import stringWidth from "string-width";
import type { Io } from "../io.ts";

/** The columns of a terminal; undefined for a pipe, which is never cut. One that nobody gave a size says 0. */
export function widthOf({ stdout }: Pick<Io, "stdout">): number | undefined {
  return stdout.isTTY === true ? stdout.columns || 80 : undefined;
}

/** Breaks a line between words where it is wider than the terminal; without a width, as in a pipe, it stays one line. */
export function wrap(line: string, width: number | undefined, indent: number): string {
  if (width === undefined || width <= indent * 2 || stringWidth(line) <= width) return line;
  const [, lead = "", text = ""] = /^( *)(.*)$/s.exec(line) ?? [];
  const broken: string[] = [];
  let current = lead;
  let taken = lead.length;
  let empty = true;
  for (const word of text.split(" ")) {
    const columns = stringWidth(word);
    if (!empty && taken + 1 + columns > width) {
      broken.push(current);
      current = " ".repeat(indent) + word;
      taken = indent + columns;
    } else {
      current += empty ? word : ` ${word}`;
      taken += empty ? columns : 1 + columns;
    }
    empty = false;
  }
  return [...broken, current].join("\n");
}
