import fc from "fast-check";
import { expect, test } from "vitest";

import { frames, parseRead, unread } from "./logs.ts";

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
      expect(read.map(({ output, bytes }) => [output, ...bytes])).toEqual(
        written.map(([output, bytes]) => [output, ...bytes]),
      );
    }),
  );
});

const PRINTED: [output: number, line: string][] = [
  [3, "Error grabbing logs: unexpected EOF\n"],
  [1, "2026-11-21T10:00:00.000000001Z one\n"],
  [1, "2026-11-21T10:00:00.123456789Z two\n"],
  [1, "2026-11-21T10:00:00.123456789Z two\n"],
  [2, "2026-11-21T10:00:00.123456788Z older, and late\n"],
  [1, "2026-11-21T10:00:00.123456789Z two\n"],
  [2, "2026-11-21T10:00:00.123456789Z as old as the other's\n"],
  [1, "2026-11-21T10:00:01Z \n"],
  [3, "Error grabbing logs: invalid character '\\x00' looking for beginning of value\n"],
  [1, "Error of an engine that dates none of its own\n"],
  [1, "2026-11-21T12:00:01.5+02:00 three four\n"],
];

async function* printed(from = 0): AsyncGenerator<{ output: number; bytes: Buffer }> {
  for (const [output, line] of PRINTED.slice(from)) yield { output, bytes: Buffer.from(line) };
}

const TEXTS = [
  "Error grabbing logs: unexpected EOF\n",
  "one\n",
  "two\n",
  "two\n",
  "older, and late\n",
  "two\n",
  "as old as the other's\n",
  "\n",
  "Error grabbing logs: invalid character '\\x00' looking for beginning of value\n",
  "Error of an engine that dates none of its own\n",
  "three four\n",
];

async function textsOf(pieces: ReturnType<typeof unread>): Promise<string[]> {
  return (await Array.fromAsync(pieces)).map(({ bytes }) => Buffer.from(bytes).toString());
}

test("a log goes on after any of its pieces, also where the other output was late and several have the same time", async () => {
  const all = await Array.fromAsync(unread(printed()));
  const rests = await Promise.all(all.map(({ at }) => textsOf(unread(printed(), parseRead(at)))));
  // What the engine itself has to say of a log has no time, and comes with every reading.
  expect(rests).toEqual(
    TEXTS.map((_text, at) => TEXTS.filter((text, index) => index > at || text.startsWith("Error"))),
  );
});

test("what the last lines left out stays left out", async () => {
  const last = await Array.fromAsync(unread(printed(7), undefined, true));
  const rest = await textsOf(unread(printed(), parseRead(last[0]?.at ?? "")));
  expect(rest.filter((text) => !text.startsWith("Error"))).toEqual(["three four\n"]);
});
