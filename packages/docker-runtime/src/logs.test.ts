import fc from "fast-check";
import { expect, test } from "vitest";

import { withoutFrames } from "./logs.ts";

test("framed output is whole, wherever the connection cut it", async () => {
  const pieces = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 40 })), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 1, max: 20 }), async (frames, cut) => {
      const wire = Buffer.concat(
        frames.map(([kind, bytes]) => {
          const head = Buffer.alloc(8);
          head[0] = kind;
          head.writeUInt32BE(bytes.length, 4);
          return Buffer.concat([head, bytes]);
        }),
      );
      async function* chunks(): AsyncGenerator<Buffer> {
        for (let at = 0; at < wire.length; at += cut) yield wire.subarray(at, at + cut);
      }
      const read: Uint8Array[] = [];
      for await (const piece of withoutFrames(chunks())) read.push(piece);
      expect(Buffer.concat(read)).toEqual(Buffer.concat(frames.map(([, bytes]) => bytes)));
    }),
  );
});
