import { expect, test } from "vitest";
import { wrap } from "./wrap.ts";

test("a line breaks between words and goes on indented; a word longer than the terminal stays whole", () => {
  expect(wrap("ws: one two three", 10, 4)).toBe("ws: one\n    two\n    three");
  expect(wrap("    see https://example.com/a/b/c now", 16, 4)).toBe("    see\n    https://example.com/a/b/c\n    now");
});

test("without a width, and where it fits, a line stays as it is", () => {
  expect(wrap("ws: one two three", undefined, 4)).toBe("ws: one two three");
  expect(wrap("ws: one two three", 80, 4)).toBe("ws: one two three");
});
