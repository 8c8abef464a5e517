import headless from "@xterm/headless";
import { expect, test } from "vitest";
import { createPrinted } from "./printed.ts";

const SIZE = { cols: 40, rows: 6 };

/** A screen on which a program printed this, and a notice then took the cursor's row. */
async function screenAfter(...said: string[]) {
  const terminal = new headless.Terminal({ ...SIZE, allowProposedApi: true });
  const write = (text: string) => new Promise<void>((resolve) => terminal.write(text, resolve));
  for (const text of said) await write(text);
  const { active } = terminal.buffer;
  const cells = () =>
    Array.from({ length: SIZE.rows }, (_, row) =>
      Array.from({ length: SIZE.cols }, (__, col) => {
        const cell = active.getLine(active.baseY + row)?.getCell(col);
        return [cell?.getChars() ?? "", cell?.getFgColor(), cell?.getBgColor(), cell?.isBold(), cell?.isInverse()];
      }).map(([chars, ...rest]) => [chars === "" ? " " : chars, ...rest]),
    );
  return { write, look: () => ({ cells: cells(), cursor: [active.cursorX, active.cursorY] }) };
}

test.each([
  ["a prompt", "$ "],
  [
    "a prompt in colours with what was typed after it",
    "one\r\ntwo\r\n\u001b[1;32mme@demo\u001b[0m:\u001b[34m~\u001b[0m$ ls -l",
  ],
  ["a cursor in the middle of it", "\u001b[38;5;200mab\u001b[48;2;1;2;3mcd\u001b[0mefgh\u001b[4D"],
  ["wide letters", "日本 $ 語"],
  ["a line of which spaces at the end are coloured", "\u001b[7m title   \u001b[0m"],
  ["a row that is full", "x".repeat(39)],
  ["an empty row", "one\r\n"],
  ["the last row of a full screen", Array.from({ length: 20 }, (_, line) => `line ${line}\r\n`).join("") + "$ "],
])("the cursor's row comes back where it holds %s", async (_what, text) => {
  const printed = createPrinted();
  for (let at = 0; at < text.length; at += 3) printed.saw(Buffer.from(text.slice(at, at + 3)));
  const screen = await screenAfter(text);
  const before = screen.look();
  await screen.write("\r\u001b[K[connection lost; trying again]\r");
  await screen.write(await printed.row(SIZE));
  expect(screen.look()).toEqual(before);
});

test("of a flood no more than the last of it is kept, and the row is known all the same", async () => {
  const printed = createPrinted();
  for (let line = 0; line < 50_000; line += 1) printed.saw(Buffer.from(`line ${line} of a flood\r\n`));
  printed.saw(Buffer.from("$ done"));
  const began = performance.now();
  expect(await printed.row(SIZE)).toContain("$ done");
  expect(performance.now() - began).toBeLessThan(5_000);
});
