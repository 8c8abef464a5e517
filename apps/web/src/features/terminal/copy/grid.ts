import type { Terminal } from "@xterm/xterm";

/** What a terminal has printed: rows from the oldest, of cells. */
export interface Grid {
  rows: number;
  cols: number;
  /** Rows that are in sight at a time. */
  page: number;
  /** The characters of a row, without the blanks at its end; the second half of a wide one is "". */
  cells(row: number): readonly string[];
  /** Whether a row is only the rest of the one before it. */
  isWrapped(row: number): boolean;
}

export interface Position {
  row: number;
  col: number;
}

export function gridOf({ buffer: { active }, cols, rows: page }: Terminal): Grid {
  return {
    rows: active.length,
    cols,
    page,
    cells(row) {
      const line = active.getLine(row);
      const cells = Array.from({ length: line?.length ?? 0 }, (_, col) => {
        const cell = line?.getCell(col);
        return cell?.getWidth() === 0 ? "" : cell?.getChars() || " ";
      });
      return cells.slice(0, cells.findLastIndex((cell) => cell !== " ") + 1);
    },
    isWrapped: (row) => active.getLine(row)?.isWrapped === true,
  };
}

/** The text from one place to another, both included: lines as they were printed, however they were wrapped, without blanks at their ends. */
export function textBetween(grid: Grid, from: Position, to: Position): string {
  const lines: string[] = [];
  let line = "";
  for (let row = from.row; row <= to.row; row += 1) {
    const goesOn = row + 1 < grid.rows && grid.isWrapped(row + 1);
    const cells = [...grid.cells(row)];
    // What is wrapped was printed to the edge: its blanks are text.
    if (goesOn) while (cells.length < grid.cols) cells.push(" ");
    line += cells.slice(row === from.row ? from.col : 0, row === to.row ? to.col + 1 : undefined).join("");
    if (goesOn && row < to.row) continue;
    lines.push(line.replace(/[ \u00a0]+$/, ""));
    line = "";
  }
  return lines.join("\n");
}
