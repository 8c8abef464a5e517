import type { Grid, Position } from "./grid.ts";

type Kind = "blank" | "word" | "sign";

function kindAt(grid: Grid, { row, col }: Position): Kind {
  const cells = grid.cells(row);
  // The second half of a wide character is of its first.
  const cell = (cells[col] === "" ? cells[col - 1] : cells[col]) ?? " ";
  if (cell.trim() === "") return "blank";
  return /[\p{L}\p{N}_]/u.test(cell) ? "word" : "sign";
}

const lengthOf = (grid: Grid, row: number): number =>
  row + 1 < grid.rows && grid.isWrapped(row + 1) ? grid.cols : Math.max(1, grid.cells(row).length);

function after(grid: Grid, { row, col }: Position): Position | undefined {
  if (col + 1 < lengthOf(grid, row)) return { row, col: col + 1 };
  return row + 1 < grid.rows ? { row: row + 1, col: 0 } : undefined;
}

function before(grid: Grid, { row, col }: Position): Position | undefined {
  if (col > 0) return { row, col: col - 1 };
  return row > 0 ? { row: row - 1, col: lengthOf(grid, row - 1) - 1 } : undefined;
}

/** Whether two cells beside each other are of one run: of one kind, and of one line. */
function isOneRun(grid: Grid, one: Position, two: Position): boolean {
  const first = one.row < two.row ? two : one;
  if (one.row !== two.row && !grid.isWrapped(first.row)) return false;
  return kindAt(grid, one) === kindAt(grid, two);
}

/** The beginning of the next word; the end of all where there is none. */
export function nextWord(from: Position, grid: Grid): Position {
  let at = from;
  let next = after(grid, at);
  while (next !== undefined && isOneRun(grid, at, next)) {
    at = next;
    next = after(grid, at);
  }
  while (next !== undefined && kindAt(grid, next) === "blank") {
    at = next;
    next = after(grid, at);
  }
  return next ?? at;
}

/** The beginning of this word, or of the one before where it is there already. */
export function previousWord(from: Position, grid: Grid): Position {
  let at = before(grid, from) ?? from;
  for (let back = before(grid, at); back !== undefined && kindAt(grid, at) === "blank"; back = before(grid, at))
    at = back;
  for (let back = before(grid, at); back !== undefined && isOneRun(grid, at, back); back = before(grid, at)) at = back;
  return at;
}

/** The end of this word, or of the next where it is there already. */
export function endOfWord(from: Position, grid: Grid): Position {
  let at = after(grid, from) ?? from;
  for (let next = after(grid, at); next !== undefined && kindAt(grid, at) === "blank"; next = after(grid, at))
    at = next;
  for (let next = after(grid, at); next !== undefined && isOneRun(grid, at, next); next = after(grid, at)) at = next;
  return at;
}

/** The word that a cell is of, both ends included. */
export function wordAt(at: Position, grid: Grid): { from: Position; to: Position } {
  let [from, to] = [at, at];
  for (let back = before(grid, from); back !== undefined && isOneRun(grid, from, back); back = before(grid, from)) {
    from = back;
  }
  for (let next = after(grid, to); next !== undefined && isOneRun(grid, to, next); next = after(grid, to)) to = next;
  return { from, to };
}
