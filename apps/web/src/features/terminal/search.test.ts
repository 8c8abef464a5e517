import { expect, test } from "vitest";
import { mistakeIn, saidOf } from "./search.ts";

const query = { matchCase: false, wholeWord: false };

test("What is wrong with an expression is said, and only of an expression", () => {
  expect(mistakeIn({ ...query, text: "a(", isExpression: true })).toBe(
    "This is no regular expression: unterminated group.",
  );
  expect(mistakeIn({ ...query, text: "a(", isExpression: false })).toBeUndefined();
  expect(mistakeIn({ ...query, text: "a(b)", isExpression: true })).toBeUndefined();
});

test("How many there are is said, and which is shown where that is known", () => {
  expect(saidOf(undefined)).toBe("");
  expect(saidOf({ count: 0, at: undefined, isMore: false })).toBe("Nothing found");
  expect(saidOf({ count: 17, at: 3, isMore: false })).toBe("3 of 17");
  expect(saidOf({ count: 1_000, at: undefined, isMore: true })).toBe("1000+ found");
});
