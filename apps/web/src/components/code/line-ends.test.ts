import { expect, test } from "vitest";
import { lineEndOf } from "./line-ends.ts";

test.each([
  ["", "\n"],
  ["a\nb\n", "\n"],
  ["a\r\nb\r\n", "\r\n"],
  ["a\r\nb\n", "\n"],
  ["a\rb\r\n", "\n"],
  ["a\rb", "\n"],
] as const)("%j", (text, end) => {
  expect(lineEndOf(text)).toBe(end);
});
