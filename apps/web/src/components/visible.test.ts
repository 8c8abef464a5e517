import { expect, test } from "vitest";
import { piecesOf, visible } from "./visible.ts";

test.each([
  ["main.ts", "main.ts"],
  ["photo\u202Egpj.sh", "photo‹U+202E›gpj.sh"],
  ["two\nlines\tand a tab", "two‹U+000A›lines‹U+0009›and a tab"],
  ["a\u200Bb\uFEFF", "a‹U+200B›b‹U+FEFF›"],
  // Joiners belong to how some scripts and pictures are written.
  ["می\u200Cخواهم 👩\u200D💻", "می\u200Cخواهم 👩\u200D💻"],
  ["__proto__", "__proto__"],
])("a name reads as what it is, whatever is hidden in it: %j (CVE-2021-42574)", (name, expected) => {
  expect(visible(name)).toBe(expected);
});

test("a line is taken apart at what is hidden in it, and no character is lost", () => {
  const line = "if (a /*\u202E } \u2066*/)\t{";
  expect(piecesOf(line).filter(({ hidden }) => hidden)).toEqual([
    { from: 8, text: "\u202E", hidden: true },
    { from: 12, text: "\u2066", hidden: true },
  ]);
  expect(
    piecesOf(line)
      .map(({ text }) => text)
      .join(""),
  ).toBe(line);
});
