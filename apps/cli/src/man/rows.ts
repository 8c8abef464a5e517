import type { Rows } from "./page.ts";

/** The rows of the first table below a heading of a Markdown document, as plain text. Throws where there is none. */
export function rowsBelow(markdown: string, heading: string): Rows {
  const [, part = ""] = markdown.split(`\n## ${heading}\n`);
  const lines = part.split("\n");
  const begin = lines.findIndex((line) => line.startsWith("|"));
  const end = lines.findIndex((line, at) => at > begin && !line.startsWith("|"));
  const rows = begin === -1 ? [] : lines.slice(begin + 2, end === -1 ? undefined : end).map(cellsOf);
  if (rows.length === 0) throw new Error(`There is no table below '${heading}'.`);
  return rows.map(([first = "", second = ""]) => [first, second]);
}

function cellsOf(row: string): string[] {
  const cells = row.split(/(?<!\\)\|/).slice(1, -1);
  return cells.map((cell) => cell.trim().replaceAll("\\|", "|").replaceAll("`", ""));
}
