import fc from "fast-check";
import { expect, test } from "vitest";
import { createSplitter } from "./split.ts";

function split(bytes: Uint8Array, at: readonly number[], longest = 1_000): [string, boolean][] {
  const records: [string, boolean][] = [];
  const splitter = createSplitter("\n", longest, (text, cut) => void records.push([text, cut]));
  let from = 0;
  for (const to of [...at.map((each) => each % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    splitter.write(bytes.subarray(from, to));
    from = to;
  }
  splitter.end();
  return records;
}

test("records are the same wherever the stream is cut, in the middle of a character too", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "ü", "🙂", "\n", "\r", "\0", "\ufeff"), maxLength: 40 });
  fc.assert(
    fc.property(text, fc.array(fc.nat(), { maxLength: 5 }), (whole, at) => {
      const expected = whole.split("\n");
      if (expected.at(-1) === "") expected.pop();
      expect(split(new TextEncoder().encode(whole), at).map(([record]) => record)).toEqual(expected);
    }),
  );
});

test("of a record that is too long the beginning is kept, whole characters only, and it is told", () => {
  expect(split(new TextEncoder().encode(`${"x".repeat(9)}🙂more\nok\n`), [3, 10, 12], 10)).toEqual([
    ["x".repeat(9), true],
    ["ok", false],
  ]);
  expect(split(Uint8Array.of(0xff, 0x0a, 0x61), [])).toEqual([
    ["\ufffd", false],
    ["a", false],
  ]);
});
