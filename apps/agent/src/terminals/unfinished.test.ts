import { expect, test } from "vitest";
import { unfinished } from "./unfinished.ts";

const rest = (text: string): string => Buffer.from(unfinished(Buffer.from(text, "latin1"))).toString("latin1");

test.each([
  ["plain text", ""],
  ["text \x1b[1;31mred", ""],
  ["text \x1b[1;31", "\x1b[1;31"],
  ["text \x1b", "\x1b"],
  ["text \x1b[", "\x1b["],
  ["\x1b]0;a title", "\x1b]0;a title"],
  ["\x1b]0;a title\x07after", ""],
  ["\x1b]0;a title\x1b\\after", ""],
  ["\x1bP$q", "\x1bP$q"],
  ["\x1b(", "\x1b("],
  ["\x1b(0", ""],
  ["\x1b7", ""],
  ["\x1b[12\x18x", ""],
])("%j leaves %j", (text, expected) => {
  expect(rest(text)).toBe(expected);
});

test("A character that is cut is left over, a whole one is not", () => {
  const euro = Buffer.from("a€");
  expect([...unfinished(euro)]).toEqual([]);
  expect([...unfinished(euro.subarray(0, 3))]).toEqual([0xe2, 0x82]);
  expect([...unfinished(euro.subarray(0, 2))]).toEqual([0xe2]);
  expect([...unfinished(Buffer.from("😀").subarray(0, 3))]).toEqual([0xf0, 0x9f, 0x98]);
  expect([...unfinished(Uint8Array.of(0x80, 0x80, 0x80, 0x80))]).toEqual([]);
  for (const never of [[0xff], [0xc1], [0xf5, 0x80], [0xe0, 0x80], [0xed, 0xa0], [0xf4, 0x90, 0x80]]) {
    expect([...unfinished(Uint8Array.from(never))]).toEqual([]);
  }
});
