import fc from "fast-check";
import { expect, test } from "vitest";
import { untilMark } from "./log-reader.ts";

const MARK = new TextEncoder().encode("\0\0ws-end:n\0");

async function collect(bytes: Uint8Array, cuts: readonly number[]): Promise<{ got: number[]; ended: boolean }> {
  async function* source(): AsyncGenerator<Uint8Array, void> {
    const points = [
      0,
      ...[...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b),
      bytes.length,
    ];
    for (const [index, point] of points.entries()) {
      if (index > 0) yield bytes.subarray(points[index - 1], point);
    }
  }
  const got: number[] = [];
  for await (const { bytes: part, last } of untilMark(source(), MARK)) {
    got.push(...part);
    if (last) return { got, ended: true };
  }
  return { got, ended: false };
}

test("The mark ends the stream wherever chunks are cut, and every byte before it arrives", async () => {
  const byte = fc.constantFrom(0, 0, 1, 119, 115);
  await fc.assert(
    fc.asyncProperty(
      fc.array(byte, { maxLength: 40 }),
      fc.array(fc.nat(100), { maxLength: 8 }),
      async (content, cuts) => {
        const whole = Uint8Array.from([...content, ...MARK, 1, 2, 3]);
        expect(await collect(whole, cuts)).toEqual({ got: content, ended: true });
      },
    ),
  );
});

test("Zeros that only look like the mark are passed on", async () => {
  const content = [0, 0, ...new TextEncoder().encode("ws-end:other"), 0, 0];
  expect(await collect(Uint8Array.from(content), [1, 3, 9])).toEqual({ got: content, ended: false });
});
