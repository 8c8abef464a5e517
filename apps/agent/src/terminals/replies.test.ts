import { expect, test } from "vitest";
import { withoutReplies } from "./replies.ts";

const typed = (text: string, rules = { askedForCursor: false, mayAnswer: false }): string =>
  Buffer.from(withoutReplies(Buffer.from(text, "latin1"), rules)).toString("latin1");

test.each([
  "\x1b[?1;2c",
  "\x1b[>0;276;0c",
  "\x1b[0n",
  "\x1b[12;40R",
  "\x1b[?12;40R",
  "\x1bP>|xterm.js(6.0.0)\x1b\\",
  "\x1bP1$r0m\x1b\\",
  "\x1b]11;rgb:0707/0e0e/1212\x1b\\",
  "\x1b[?2026;2$y",
  "\x1b[8;24;80t",
])("The answer %j is taken out of what is typed", (reply) => {
  expect(typed(reply)).toBe("");
  expect(typed(`a${reply}b`)).toBe("ab");
});

test.each(["\x1b[A", "\x1bOP", "\x1b[1;5C", "\x1b[1;2R", "\x1b[<0;10;12M", "\x1b[I", "\x1b[27;5;13~", "\x1b", "é"])(
  "The key or report %j is typed",
  (key) => {
    expect(typed(key)).toBe(key);
  },
);

test("What looks like F3 is an answer where the cursor was asked for", () => {
  expect(typed("\x1b[1;2R", { askedForCursor: true, mayAnswer: false })).toBe("");
});

test("One viewer says its colours", () => {
  const reply = "\x1b]11;rgb:0/0/0\x07";
  expect(typed(reply, { askedForCursor: false, mayAnswer: true })).toBe(reply);
});

test("A paste is left alone", () => {
  const paste = "\x1b[200~\x1b[0n\x1b[201~";
  expect(typed(paste)).toBe(paste);
});
