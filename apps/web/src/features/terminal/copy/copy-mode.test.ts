import headless from "@xterm/headless";
import type { Terminal } from "@xterm/xterm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { beginCopyMode, pressedInCopyMode, selectionOf, shifted, type CopyState, type CopyStep } from "./copy-mode.ts";
import { gridOf, textBetween, type Grid } from "./grid.ts";
import { wordAt } from "./words.ts";

/** Of 20 columns and 5 rows, after the text was printed. */
async function printed(text: string): Promise<Grid> {
  const terminal = new headless.Terminal({ allowProposedApi: true, cols: 20, rows: 5, scrollback: 100 });
  await new Promise<void>((resolve) => terminal.write(text.replaceAll("\n", "\r\n"), resolve));
  // Both have the buffer that is read here.
  return gridOf(terminal as unknown as Terminal);
}

const LONG = "a line that is longer than the screen is wide";
const TEXT = `first line\n${LONG}\n\n  cd /tmp && ls   \nlast`;

function press(state: CopyState, grid: Grid, ...keys: string[]): CopyStep {
  let step: CopyStep = state;
  for (const text of keys) {
    if (typeof step !== "object") throw new Error(`${text} comes after the end.`);
    const parts = text.split("+");
    step =
      pressedInCopyMode(
        step,
        {
          key: parts.at(-1) ?? "",
          ctrlKey: parts.includes("Ctrl"),
          shiftKey: parts.includes("Shift"),
          altKey: false,
          metaKey: false,
        },
        grid,
      ) ?? step;
  }
  return step;
}

function at(grid: Grid, ...keys: string[]): CopyState {
  const step = press(beginCopyMode({ row: 0, col: 0 }), grid, ...keys);
  if (typeof step !== "object") throw new Error(`It ended with ${step}.`);
  return step;
}

function text(grid: Grid, ...keys: string[]): string {
  const { from, to } = selectionOf(at(grid, ...keys), grid);
  return textBetween(grid, from, to);
}

test("Arrows and letters move by cells and rows, and a short row is no reason to forget the column", async () => {
  const grid = await printed(TEXT);
  expect(at(grid, "l", "ArrowRight", "h", "j")).toMatchObject({ row: 1, col: 1 });
  expect(at(grid, "$", "j", "j", "j", "j")).toMatchObject({ row: 4, col: 0, goal: 9 });
  expect(at(grid, "$", "j", "j", "j", "j", "j")).toMatchObject({ row: 5, col: 9 });
  expect(at(grid, "k", "h")).toMatchObject({ row: 0, col: 0 });
  expect(at(grid, "G")).toMatchObject({ row: 6, col: 0 });
  expect(at(grid, "G", "Ctrl+b")).toMatchObject({ row: 2 });
  expect(at(grid, "G", "Ctrl+u", "PageDown", "g")).toMatchObject({ row: 0, col: 0 });
});

test("Words are walked over wrapped rows and empty lines, and signs are words of their own", async () => {
  const grid = await printed(TEXT);
  expect(at(grid, "w")).toMatchObject({ row: 0, col: 6 });
  expect(at(grid, "e")).toMatchObject({ row: 0, col: 4 });
  expect(at(grid, "w", "w")).toMatchObject({ row: 1, col: 0 });
  // "cd", "/", "tmp", "&&", "ls"
  const line = at(grid, "G", "k", "^");
  expect(line).toMatchObject({ row: 5, col: 2 });
  expect(press(line, grid, "w")).toMatchObject({ row: 5, col: 5 });
  expect(press(line, grid, "w", "w", "w")).toMatchObject({ row: 5, col: 10 });
  expect(press(line, grid, "w", "b")).toMatchObject({ row: 5, col: 2 });
  expect(press(line, grid, "b")).toMatchObject({ row: 3, col: 1 });
  const { from, to } = wordAt({ row: 2, col: 0 }, grid);
  expect(textBetween(grid, from, to)).toBe("longer");
});

test("What is copied has no blanks at the ends of its lines, and a wrapped line is one", async () => {
  const grid = await printed(TEXT);
  expect(text(grid, "v", "G", "$")).toBe(`first line\n${LONG}\n\n  cd /tmp && ls\nlast`);
  expect(text(grid, "j", "V")).toBe("a line that is longe");
  expect(text(grid, "j", "V", "j", "j")).toBe(LONG);
  expect(text(grid, "w", "Shift+ArrowRight", "Shift+ArrowRight")).toBe("lin");
  expect(text(grid, "G", "v", "k", "$")).toBe("ls\nl".replace("ls", "s"));
  expect(text(grid, "w", "v", "v")).toBe("l");
});

test("A line whose blank is at the edge keeps it, and characters of two cells are one", async () => {
  const grid = await printed(`${"x".repeat(19)} y 漢字 é`);
  expect(text(grid, "v", "j", "$")).toBe(`${"x".repeat(19)} y 漢字 é`);
  expect(text(grid, "j", "w", "v", "l")).toBe("漢");
});

test("It is left by Escape and copied by y and Enter; what means nothing here changes nothing", async () => {
  const grid = await printed(TEXT);
  const state = at(grid, "w", "v");
  expect(["Escape", "q", "Ctrl+c"].map((key) => press(state, grid, key))).toEqual(["leave", "leave", "leave"]);
  expect(["y", "Enter", "/"].map((key) => press(state, grid, key))).toEqual(["copy", "copy", "search"]);
  expect(press(state, grid, "x", "F5", "Ctrl+q", "Ctrl+v")).toBe(state);
});

test("What was lost at the top moves the cursor and the mark with their text", async () => {
  const grid = await printed(TEXT);
  const state = at(grid, "j", "v", "j");
  expect(shifted(state, 1)).toMatchObject({ row: 1, mark: { row: 0, col: 0 } });
  expect(shifted(state, 9)).toMatchObject({ row: 0, mark: { row: 0 } });
});

test("No keys lead out of what was printed", async () => {
  const grid = await printed(TEXT);
  const key = fc.constantFrom(
    ..."h j k l w b e 0 ^ $ g G v V PageUp PageDown Ctrl+u Ctrl+d Shift+ArrowUp Shift+End Ctrl+ArrowLeft".split(" "),
  );
  fc.assert(
    fc.property(fc.array(key, { maxLength: 40 }), (keys) => {
      const state = at(grid, ...keys);
      expect(state.row).toBeGreaterThanOrEqual(0);
      expect(state.row).toBeLessThan(grid.rows);
      expect(state.col).toBeGreaterThanOrEqual(0);
      expect(state.col).toBeLessThan(grid.cols);
      const { from, to } = selectionOf(state, grid);
      expect(from.row * grid.cols + from.col).toBeLessThanOrEqual(to.row * grid.cols + to.col);
    }),
  );
});
