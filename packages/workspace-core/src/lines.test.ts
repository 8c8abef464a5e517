import fc from "fast-check";
import { expect, test } from "vitest";
import { createLineCutter, lines } from "./lines.ts";

async function* chunks(...texts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield typeof text === "string" ? new TextEncoder().encode(text) : text;
}

async function all(source: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const line of source) found.push(line);
  return found;
}

test("lines are whole however the bytes were cut, a character in the middle included", async () => {
  const [first, ...rest] = new TextEncoder().encode("é");
  const source = chunks("on", "e\r\n\ntw", Uint8Array.of(first ?? 0), Uint8Array.of(...rest), "\nlast");
  expect(await all(lines(source))).toEqual(["one", "", "twé", "last"]);
});

test("a line that never ends comes in pieces, before it has ended", async () => {
  const endless = (async function* () {
    for (;;) yield new TextEncoder().encode("xxxx");
  })();
  const found = lines(endless, { longest: 10 })[Symbol.asyncIterator]();
  expect(await found.next()).toEqual({ done: false, value: "xxxxxxxxxx" });
  await found.return(undefined);
});

test("a long line that has ended comes in pieces too", async () => {
  expect(await all(lines(chunks("abcdefg\nhi"), { longest: 3 }))).toEqual(["abc", "def", "g", "hi"]);
});

test("what is too long is left out whole where that is asked for, and so is what a jump cuts", () => {
  const cutter = createLineCutter({ longest: 3, tooLong: "left out" });
  const push = (text: string): string[] => cutter.push(new TextEncoder().encode(text));
  expect(push("abc\nabcd\nab")).toEqual(["abc"]);
  expect(push("cd")).toEqual([]);
  expect(push("e\nf")).toEqual([]);
  cutter.jump();
  expect(push("g\nh\n")).toEqual(["h"]);
  expect(cutter.push(Uint8Array.of(0xe2, 0x82))).toEqual([]);
  cutter.jump();
  expect(push("\ni")).toEqual([]);
  expect(cutter.end()).toEqual(["i"]);
  expect(push("left")).toEqual([]);
  expect(cutter.end()).toEqual([]);
});

const anyParts = fc.array(fc.string({ unit: fc.constantFrom("a", "é", "€", "\r", "\n"), maxLength: 9 }));

test("however the bytes are cut, the lines are those of the text", () => {
  fc.assert(
    fc.property(
      anyParts,
      fc.array(fc.nat(4), { minLength: 1 }),
      fc.integer({ min: 1, max: 20 }),
      (texts, cuts, longest) => {
        const bytes = new TextEncoder().encode(texts.join(""));
        const pieces = createLineCutter({ longest });
        const whole = createLineCutter({ longest, tooLong: "left out" });
        const found: string[] = [];
        const kept: string[] = [];
        for (let at = 0, index = 0; at < bytes.length; index += 1) {
          const part = bytes.subarray(at, at + (cuts[index % cuts.length] ?? 0) + 1);
          found.push(...pieces.push(part));
          kept.push(...whole.push(part));
          at += part.length;
        }
        found.push(...pieces.end());
        kept.push(...whole.end());
        expect([...found, ...kept].every((line) => line.length <= longest)).toBe(true);
        const all = texts.join("").split("\n");
        if (all.at(-1) === "") all.pop();
        const expected = all.map((line) => line.replace(/\r$/, ""));
        expect(found.join("")).toBe(expected.join(""));
        expect(kept).toEqual(expected.filter((_line, index) => (all[index]?.length ?? 0) <= longest));
      },
    ),
  );
});

test("a line that comes byte by byte is put together once", () => {
  const cutter = createLineCutter({ longest: 4 * 1024 * 1024 });
  const part = new TextEncoder().encode("x".repeat(64));
  const begun = performance.now();
  for (let count = 0; count < 32_768; count += 1) cutter.push(part);
  expect(cutter.end().map((line) => line.length)).toEqual([2 * 1024 * 1024]);
  // Copied with each part it would be 32 GiB.
  expect(performance.now() - begun).toBeLessThan(5_000);
});
