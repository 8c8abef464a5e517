import fc from "fast-check";
import { expect, test } from "vitest";
import type { Bytes } from "../../bytes.ts";
import { createLines } from "./lines.ts";

const encode = (text: string): Bytes => new TextEncoder().encode(text);

function linesOf(parts: readonly (readonly [offset: number, text: string | Bytes])[]): string[] {
  const lines: string[] = [];
  const splitter = createLines((line) => lines.push(line));
  for (const [offset, part] of parts) splitter.push(offset, typeof part === "string" ? encode(part) : part);
  splitter.end();
  return lines;
}

test("lines are given whole, without what is empty", () => {
  expect(linesOf([[0, "one\r\n\n two \nthree"]])).toEqual(["one", "two", "three"]);
});

test("a jump leaves out the line that it cuts, and nothing more", () => {
  expect(
    linesOf([
      [0, "one\ntw"],
      [100, "ee\nfour\n"],
    ]),
  ).toEqual(["one", "four"]);
  expect(linesOf([[7, "rest of a line\nnext\n"]])).toEqual(["next"]);
});

test("a line longer than 8 MiB is left out, and holds nothing up", () => {
  const part = new Uint8Array(1024 * 1024).fill(120);
  const parts = Array.from({ length: 9 }, (_, index) => [index * part.length, part] as const);
  expect(linesOf([[0, ""], ...parts, [9 * part.length, "\nnext\n"]])).toEqual(["next"]);
});

test("however text is cut into parts, its lines are the same", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[^\n]{0,8}$/)), fc.array(fc.nat(6), { minLength: 1 }), (given, sizes) => {
      const bytes = encode(given.map((line) => line.toWellFormed()).join("\n"));
      const parts: [number, Bytes][] = [];
      for (let at = 0, index = 0; at < bytes.length; index += 1) {
        const part = bytes.slice(at, at + (sizes[index % sizes.length] ?? 0) + 1);
        parts.push([at, part]);
        at += part.length;
      }
      expect(linesOf(parts)).toEqual(linesOf([[0, bytes]]));
    }),
  );
});
