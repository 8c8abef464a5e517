import fc from "fast-check";
import { expect, test } from "vitest";
import { createAnsiReader, type AnsiPart, type Styled } from "./ansi.ts";

const read = (...texts: string[]): AnsiPart[] => {
  const reader = createAnsiReader();
  return texts.flatMap((text) => reader.read(text));
};
const textOf = (parts: readonly AnsiPart[]): string =>
  parts.map((part) => (typeof part === "string" ? (part === "newline" ? "\n" : "") : part.text)).join("");

test("Colours of all three kinds, and how letters look, are read into styles", () => {
  expect(read("a\u001b[1;31mb\u001b[38;5;208mc\u001b[48;2;1;2;3md\u001b[0me")).toEqual([
    { text: "a", style: {} },
    { text: "b", style: { bold: true, ink: { index: 1 } } },
    { text: "c", style: { bold: true, ink: { index: 208 } } },
    { text: "d", style: { bold: true, ink: { index: 208 }, ground: { rgb: 0x01_02_03 } } },
    { text: "e", style: {} },
  ]);
  expect(read("\u001b[3;4;7;9ma\u001b[23;24;27;29;92mb\u001b[39m\u001b[mc")).toEqual([
    { text: "a", style: { italic: true, underline: true, inverse: true, strike: true } },
    { text: "b", style: { ink: { index: 10 } } },
    { text: "c", style: {} },
  ]);
});

test("Every other sequence is swallowed: titles, links, the clipboard, the screen (row 8, OSC 8 and OSC 52)", () => {
  const sequences = [
    "\u001b]0;title\u0007",
    "\u001b]52;c;c3RvbGVu\u001b\\",
    "\u001b]8;;javascript:alert(1)\u001b\\",
    "\u001b[2J\u001b[H\u001b[?25l\u001b[?1049h\u001b[6n",
    "\u001bP+q544e\u001b\\",
    "\u001b(B\u001b=\u001bc",
    "\u0007\u0008\u009b",
  ];
  expect(textOf(read(sequences.join("link")))).toBe("link".repeat(sequences.length - 1));
});

test("A sequence that never ends hides nothing beyond its line, nor beyond 4 KiB", () => {
  expect(textOf(read("\u001b]0;never\nseen"))).toBe("\nseen");
  expect(textOf(read(`\u001b]0;${"x".repeat(5_000)}`, "seen"))).toMatch(/x+seen$/);
});

test("A line that is rewritten says so, and a line's end of Windows is one", () => {
  expect(read("10 %\r20 %\r\n")).toEqual([
    { text: "10 %", style: {} },
    "return",
    { text: "20 %", style: {} },
    "newline",
  ]);
  expect(read("a\r", "\nb\r", "c")).toEqual([
    { text: "a", style: {} },
    "newline",
    { text: "b", style: {} },
    "return",
    { text: "c", style: {} },
  ]);
});

test("Wherever a text is cut in two, it reads as the same", () => {
  const word = fc.constantFrom(
    "text",
    "\n",
    "\r\n",
    "\r",
    "\u001b[31m",
    "\u001b[38;2;9;8;7m",
    "\u001b[0m",
    "\u001b]8;;x\u001b\\",
    "\u001b]0;t\u0007",
    "\t",
    "é",
    "\u202E",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), fc.nat(), (words, where) => {
      const whole = words.join("");
      const at = where % (whole.length + 1);
      const letters = ({ text, style }: Styled): unknown[] => Array.from(text, (letter) => ({ letter, style }));
      const joined = (parts: readonly AnsiPart[]) =>
        parts.flatMap((part) => (typeof part === "string" ? [part] : letters(part)));
      expect(joined(read(whole.slice(0, at), `${whole.slice(at)}.`))).toEqual(joined(read(`${whole}.`)));
    }),
  );
});

test("Whatever is written, nothing throws and no control character is left in what is shown", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" }), { maxLength: 5 }), (texts) => {
      // oxlint-disable-next-line no-control-regex -- that is what must not be there
      expect(textOf(read(...texts)).replaceAll("\n", "")).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }),
  );
});
