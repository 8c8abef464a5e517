import fc from "fast-check";
import { expect, test } from "vitest";

import { frames, withPlaces } from "./logs.ts";

test("framed output is whole, wherever the connection cut it", async () => {
  const pieces = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 40 })), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 1, max: 20 }), async (written, cut) => {
      const wire = Buffer.concat(
        written.map(([kind, bytes]) => {
          const head = Buffer.alloc(8);
          head[0] = kind;
          head.writeUInt32BE(bytes.length, 4);
          return Buffer.concat([head, bytes]);
        }),
      );
      async function* chunks(): AsyncGenerator<Buffer> {
        for (let at = 0; at < wire.length; at += cut) yield wire.subarray(at, at + cut);
      }
      const read = await Array.fromAsync(frames(chunks()));
      expect(read.map((piece) => [...piece])).toEqual(written.map(([, bytes]) => [...bytes]));
    }),
  );
});

const PRINTED = [
  "2026-11-21T10:00:00.000000001Z one\n",
  "2026-11-21T10:00:00.123456789Z two\n",
  "2026-11-21T10:00:00.123456789Z two\n",
  "2026-11-21T10:00:00.123456788Z older, from the other output\n",
  "2026-11-21T10:00:00.123456789Z two\n",
  "2026-11-21T10:00:01Z \n",
  "2026-11-21T12:00:01.5+02:00 three four\n",
];

/** As the engine answers: what is not older than the time asked for. */
async function* since(time: string): AsyncGenerator<Buffer> {
  for (const line of PRINTED) if (line.slice(0, 30) >= time) yield Buffer.from(line);
}

test("a log goes on after any of its pieces, also where several have the same time", async () => {
  const all = await Array.fromAsync(withPlaces(since("")));
  const texts = all.map(({ bytes }) => Buffer.from(bytes).toString());
  expect(texts).toEqual(["one\n", "two\n", "two\n", "older, from the other output\n", "two\n", "\n", "three four\n"]);
  const [at, count] = (all[2]?.at ?? "").split("/");
  const rest = withPlaces(since("2026-11-21T10:00:00.123456789Z"), { at: BigInt(at ?? 0), count: Number(count) });
  expect((await Array.fromAsync(rest)).map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(texts.slice(4));
});
