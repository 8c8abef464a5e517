import type { IDecoration, IMarker, Terminal } from "@xterm/xterm";
import type { Scheme } from "../../../terminal-look/schemes.ts";
import { beginCopyMode, pressedInCopyMode, selectionOf, shifted, type CopyKeys, type CopyState } from "./copy-mode.ts";
import { gridOf, textBetween, type Position } from "./grid.ts";
import { wordAt } from "./words.ts";

/** Copy mode of one terminal, as long as it lasts. */
export interface CopyScreen {
  /** Whether the cursor is in the lower half of what is in sight. */
  isLow(): boolean;
  /** What came of a key; the state is shown already. */
  press(keys: CopyKeys): "copy" | "leave" | "search" | undefined;
  /** Selects the word there. */
  selectWord(at: Position): void;
  /** Selects from where the selection began to there. */
  selectTo(at: Position): void;
  text(): string;
  /** Takes the cursor of this mode away. */
  dispose(): void;
}

/** Begins where the terminal's cursor is, or else at the end of what is in sight. */
export function createCopyScreen(terminal: Terminal, scheme: Scheme): CopyScreen {
  const { active } = terminal.buffer;
  const cursorRow = active.baseY + active.cursorY;
  const lastInSight = active.viewportY + terminal.rows - 1;
  let state: CopyState = beginCopyMode(
    cursorRow <= lastInSight ? { row: cursorRow, col: active.cursorX } : { row: lastInSight, col: 0 },
  );
  let shown: { marker: IMarker; cursor: IDecoration | undefined } | undefined;
  show();

  return {
    isLow: () => state.row - terminal.buffer.active.viewportY >= terminal.rows / 2,
    press(keys) {
      follow();
      const step = pressedInCopyMode(state, keys, gridOf(terminal));
      if (typeof step !== "object") return step;
      state = step;
      show();
      return undefined;
    },
    selectWord(at) {
      const { from, to } = wordAt(at, gridOf(terminal));
      state = { ...to, goal: to.col, mark: from, byLine: false };
      show();
    },
    selectTo(at) {
      follow();
      state = { ...state, ...at, goal: at.col };
      show();
    },
    text() {
      follow();
      const grid = gridOf(terminal);
      const { from, to } = selectionOf(state, grid);
      return textBetween(grid, from, to);
    },
    dispose() {
      hide();
      terminal.clearSelection();
    },
  };

  /** What is printed meanwhile pushes the oldest rows out, and all others up. */
  function follow(): void {
    if (shown === undefined || shown.marker.isDisposed) return;
    state = shifted(state, state.row - shown.marker.line);
  }

  function show(): void {
    hide();
    const { from, to } = selectionOf(state, gridOf(terminal));
    const { active: buffer } = terminal.buffer;
    const length = (to.row - from.row) * terminal.cols + to.col - from.col + 1;
    if (state.mark === undefined) terminal.clearSelection();
    else terminal.select(from.col, from.row, length);
    const marker = terminal.registerMarker(state.row - buffer.baseY - buffer.cursorY);
    const cursor = terminal.registerDecoration({
      marker,
      x: Math.min(state.col, terminal.cols - 1),
      width: 1,
      backgroundColor: scheme.cursor,
      foregroundColor: scheme.ground,
      layer: "top",
    });
    shown = { marker, cursor };
    if (state.row < buffer.viewportY) terminal.scrollToLine(state.row);
    else if (state.row >= buffer.viewportY + terminal.rows) terminal.scrollToLine(state.row - terminal.rows + 1);
  }

  function hide(): void {
    shown?.cursor?.dispose();
    shown?.marker.dispose();
    shown = undefined;
  }
}
