import type { Io } from "../io.ts";

/** The columns of a terminal; undefined for a pipe, which is never cut. One that nobody gave a size says 0. */
export function widthOf({ stdout }: Pick<Io, "stdout">): number | undefined {
  return stdout.isTTY === true ? stdout.columns || 80 : undefined;
}

/** Breaks a line between words where it is wider than the terminal; without a width, as in a pipe, it stays one line. */
export function wrap(line: string, width: number | undefined, indent: number): string {
  if (width === undefined || width <= indent * 2 || line.length <= width) return line;
  const [, lead = "", text = ""] = /^( *)(.*)$/s.exec(line) ?? [];
  const broken: string[] = [];
  let current = lead;
  let empty = true;
  for (const word of text.split(" ")) {
    if (!empty && current.length + 1 + word.length > width) {
      broken.push(current);
      current = " ".repeat(indent) + word;
    } else current += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...broken, current].join("\n");
}
