import stringWidth from "string-width";
import { cut } from "./cut.ts";
import { printable } from "./printable.ts";

/** Columns as wide as their content, cut where the terminal is narrower; a pipe is never cut. Nothing in a cell controls a terminal. */
export function table(header: readonly string[], rows: readonly (readonly string[])[], width = Infinity): string {
  const lines = [header, ...rows.map((row) => row.map((cell) => printable(cell.replace(/\r\n?|[\n\t]/g, " "))))];
  const widths = fitted(
    header.map((_, column) => Math.max(...lines.map((row) => stringWidth(row[column] ?? "")))),
    width,
  );
  return lines
    .map((row) => row.map((cell, column) => padded(cut(cell, widths[column] ?? 0), widths[column] ?? 0)).join(GAP))
    .map((line) => cut(line.trimEnd(), width))
    .join("\n");
}

export const GAP = "  ";
/** Narrower, nothing could be told from its beginning. */
const LEAST = 7;
const LEAST_NAME = 16;

/** Takes from the widest column as long as that helps; the first one names the row and gives way last. */
export function fitted(wanted: readonly number[], width: number): number[] {
  const widths = [...wanted];
  for (;;) {
    const excess = widths.reduce((sum, one) => sum + one, GAP.length * (widths.length - 1)) - width;
    const widest = Math.max(...widths.slice(1));
    if (!(excess > 0)) return widths;
    if (widest > LEAST) widths[widths.indexOf(widest, 1)] = widest - 1;
    else return widths.with(0, Math.max(Math.min(widths[0] ?? 0, LEAST_NAME), (widths[0] ?? 0) - excess));
  }
}

export function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}
