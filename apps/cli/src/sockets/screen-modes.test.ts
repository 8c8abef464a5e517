import { expect, test } from "vitest";
import { createScreenModes } from "./screen-modes.ts";

const LEAVES_ALTERNATE = "\u001b[?1049l";

function after(...printed: string[]): string {
  const modes = createScreenModes();
  for (const piece of printed) modes.saw(Buffer.from(piece));
  return modes.giveBack();
}

test("a shell is left where its cursor is: the other screen, and the cursor kept with it, were never asked for", () => {
  expect(after("$ echo hi\r\nhi\r\n$ ")).not.toContain(LEAVES_ALTERNATE);
});

test("an editor's screen is left for the one before it, also when the sequence came in two pieces", () => {
  expect(after("\u001b[?1049h~\r\n~")).toContain(LEAVES_ALTERNATE);
  expect(after("\u001b[?10", "49;1h~")).toContain(LEAVES_ALTERNATE);
});

test.each(["47", "1047"])(
  "a screen that was entered by mode %s is left by it: the other way would also take back a cursor kept by who was there before",
  (mode) => {
    const left = after("\u001b7\u001b[?", `${mode}h~`);
    expect(left).toContain(`\u001b[?${mode}l`);
    expect(left).not.toContain(LEAVES_ALTERNATE);
  },
);

test("how the screen was entered first is how it is left", () => {
  expect(after("\u001b[?1049h", "\u001b[?47h")).toContain(LEAVES_ALTERNATE);
  expect(after("\u001b[?47h", "\u001b[?1049h")).not.toContain(LEAVES_ALTERNATE);
  expect(after("\u001b[?1049h", "\u001b[?47l", "\u001b[?1047h")).toContain("\u001b[?1047l");
});

test("an editor that has ended left its screen itself", () => {
  expect(after("\u001b[?1049h~", "\u001b[?1049l$ ")).not.toContain(LEAVES_ALTERNATE);
});

test("a terminal that was reset has its first screen", () => {
  expect(after("\u001b[?1049h~", "\u001b", "c$ ")).not.toContain(LEAVES_ALTERNATE);
  expect(after("\u001bc\u001b[?1049h~")).toContain(LEAVES_ALTERNATE);
});

test("what a program had switched on is switched off either way", () => {
  for (const mode of ["?1000l", "?1004l", "?2004l", "?25h", "0 q"]) expect(after("")).toContain(`\u001b[${mode}`);
});
