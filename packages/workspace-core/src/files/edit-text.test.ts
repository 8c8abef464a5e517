import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editText, type Replacement } from "./edit-text.ts";

const edit = (text: string, oldString: string, newString: string, more: Partial<Replacement> = {}) =>
  editText("f.ts", text, { oldString, newString, ...more });

test.each<[string, string, string, string]>([
  ["a b c", "b", "x", "a x c"],
  ["a b c", "b ", "", "a c"],
  ["$& b", "b", "$&$1", "$& $&$1"],
  ["one\r\ntwo\r\nthree\r\n", "one\ntwo", "1\n2", "1\r\n2\r\nthree\r\n"],
  ["one\r\ntwo\n", "two", "2\n3", "one\r\n2\n3\n"],
  ["one\r\ntwo\r\n", "two\r\n", "2\r\n", "one\r\n2\r\n"],
  ["\uFEFFa", "a", "b", "\uFEFFb"],
])("%j: %j becomes %j", (text, oldString, newString, expected) => {
  expect(edit(text, oldString, newString)).toEqual({ text: expected, replacements: 1 });
});

test("all places are replaced where that is asked for, without looking at what was put there", () => {
  expect(edit("a a a", "a", "aa", { replaceAll: true })).toEqual({ text: "aa aa aa", replacements: 3 });
  expect(edit("aaaa", "aa", "b", { replaceAll: true })).toEqual({ text: "bb", replacements: 2 });
});

test("what would be larger than can be edited is refused before it is made", () => {
  expect(() => edit("a".repeat(100_000), "a", "b".repeat(1_000), { replaceAll: true })).toThrow(
    expect.objectContaining({ code: "file_too_large" }) as Error,
  );
});

test("several places are a conflict that tells their lines, so that no work is destroyed", () => {
  expect(() => edit("x\nx x\n\nx", "x", "y")).toThrow(
    expect.objectContaining({ code: "multiple_matches", data: { path: "f.ts", lines: [1, 2, 2, 4], matches: 4 } }),
  );
  expect(() => edit("x".repeat(1_000), "x", "y")).toThrow(
    expect.objectContaining({ data: expect.objectContaining({ matches: 1_000 }) as object }),
  );
});

describe("what does not stand there is told with the line that is nearest", () => {
  const text = "import a from 'a';\n\nexport function total(items) {\n  return sum(items);\n}\n";
  test.each<[string, number | undefined]>([
    ["export  function total(items) {", 3],
    ["\n\texport function total(items) {\n", 3],
    ["export function totals(item) {", 3],
    ["  return sum(item)", 4],
    ["nothing of the kind at all, 1234567890", undefined],
    ["  \n ", undefined],
  ])("%j: line %j", (oldString, line) => {
    const data =
      line === undefined ? { path: "f.ts" } : { path: "f.ts", line, nearest: text.split("\n")[line - 1]?.trim() };
    expect(() => edit(text, oldString, "x")).toThrow(expect.objectContaining({ code: "string_not_found", data }));
  });
});

test("a text that would not change is refused", () => {
  expect(() => edit("a", "a", "a")).toThrow(expect.objectContaining({ code: "identical_strings" }));
});

test("what is around the place stays, whatever it is", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }),
      (before, after, next) => {
        const mark = "\u{10FFFF}mark";
        fc.pre(next !== mark && !`${before}${after}`.includes(mark) && !`${before}${after}`.includes("\r\n"));
        expect(edit(`${before}${mark}${after}`, mark, next).text).toBe(`${before}${next}${after}`);
      },
    ),
  );
});
