import type { Grid, Position } from "./grid.ts";
import { endOfWord, nextWord, previousWord } from "./words.ts";

/** Where the cursor of copy mode is, and what is selected up to it. */
export interface CopyState extends Position {
  /** The column that it comes back to in rows that are long enough. */
  goal: number;
  mark?: Position;
  /** Whether whole lines are. */
  byLine: boolean;
}

export type CopyKeys = Pick<KeyboardEvent, "key" | "ctrlKey" | "shiftKey" | "altKey" | "metaKey">;

/** A new state, or what the key ends it with; undefined where it means nothing. */
export type CopyStep = CopyState | "copy" | "leave" | "search" | undefined;

export function beginCopyMode(at: Position): CopyState {
  return { ...at, goal: at.col, byLine: false };
}

/** What a key does: those of vi, and the arrows, which select where Shift is held. */
export function pressedInCopyMode(state: CopyState, keys: CopyKeys, grid: Grid): CopyStep {
  const { key, ctrlKey, shiftKey, altKey, metaKey } = keys;
  if (metaKey || altKey) return undefined;
  if (key === "Escape" || (ctrlKey ? key === "c" : key === "q")) return "leave";
  if (!ctrlKey && (key === "y" || key === "Enter")) return "copy";
  if (!ctrlKey && key === "/") return "search";
  if (!ctrlKey && (key === "v" || key === " ")) return marked(state, false);
  if (!ctrlKey && key === "V") return marked(state, true);
  const move = (ctrlKey ? WITH_CONTROL[key] : undefined) ?? (ctrlKey ? undefined : MOVES[key]);
  if (move === undefined) return undefined;
  const next = move(state, grid);
  if (!shiftKey || !ARROWS.has(key)) return next;
  return state.mark === undefined ? { ...next, mark: { row: state.row, col: state.col } } : next;
}

/** What is selected, in order and with both ends; the cursor's own cell where nothing is. */
export function selectionOf({ row, col, mark, byLine }: CopyState, grid: Grid): { from: Position; to: Position } {
  const other = mark ?? { row, col };
  const isBefore = row < other.row || (row === other.row && col < other.col);
  const [from, to] = isBefore ? [{ row, col }, other] : [other, { row, col }];
  if (!byLine || mark === undefined) return { from, to };
  return { from: { row: from.row, col: 0 }, to: { row: to.row, col: grid.cols - 1 } };
}

/** After as many rows were lost at the top. */
export function shifted(state: CopyState, rows: number): CopyState {
  const up = <T extends Position>(at: T): T => ({ ...at, row: Math.max(0, at.row - rows) });
  return state.mark === undefined ? up(state) : { ...up(state), mark: up(state.mark) };
}

function marked(state: CopyState, byLine: boolean): CopyState {
  const { mark: _, ...rest } = state;
  // The same key again selects nothing.
  if (state.mark !== undefined && state.byLine === byLine) return { ...rest, byLine: false };
  return { ...state, mark: state.mark ?? { row: state.row, col: state.col }, byLine };
}

type Move = (state: CopyState, grid: Grid) => CopyState;

function vertically(rows: (grid: Grid) => number): Move {
  return (state, grid) => {
    const row = Math.min(grid.rows - 1, Math.max(0, state.row + rows(grid)));
    return { ...state, row, col: Math.min(state.goal, lastCol(grid, row)) };
  };
}

function to(place: (state: CopyState, grid: Grid) => Position): Move {
  return (state, grid) => {
    const { row, col } = place(state, grid);
    return { ...state, row, col, goal: col };
  };
}

const lastCol = (grid: Grid, row: number): number => Math.max(0, grid.cells(row).length - 1);
const left = to(({ row, col }) => ({ row, col: Math.max(0, col - 1) }));
const right = to(({ row, col }, grid) => ({ row, col: Math.min(lastCol(grid, row), col + 1) }));
const up = vertically(() => -1);
const down = vertically(() => 1);
const lineBegin = to(({ row }) => ({ row, col: 0 }));
const lineEnd = to(({ row }, grid) => ({ row, col: lastCol(grid, row) }));
const firstText = to(({ row }, grid) => ({
  row,
  col: Math.max(
    0,
    grid.cells(row).findIndex((cell) => cell.trim() !== ""),
  ),
}));
const top = to(() => ({ row: 0, col: 0 }));
const bottom = to((_, grid) => ({ row: grid.rows - 1, col: 0 }));
const pageUp = vertically(({ page }) => -(page - 1));
const pageDown = vertically(({ page }) => page - 1);
const halfUp = vertically(({ page }) => -Math.floor(page / 2));
const halfDown = vertically(({ page }) => Math.floor(page / 2));

const MOVES: Readonly<Record<string, Move>> = {
  h: left,
  l: right,
  k: up,
  j: down,
  ArrowLeft: left,
  ArrowRight: right,
  ArrowUp: up,
  ArrowDown: down,
  w: to(nextWord),
  b: to(previousWord),
  e: to(endOfWord),
  "0": lineBegin,
  Home: lineBegin,
  "^": firstText,
  $: lineEnd,
  End: lineEnd,
  g: top,
  G: bottom,
  PageUp: pageUp,
  PageDown: pageDown,
};

const WITH_CONTROL: Readonly<Record<string, Move>> = {
  b: pageUp,
  f: pageDown,
  u: halfUp,
  d: halfDown,
  Home: top,
  End: bottom,
  ArrowLeft: to(previousWord),
  ArrowRight: to(nextWord),
};

const ARROWS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"]);
