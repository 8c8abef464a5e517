import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createWholeFrames } from "./whole-frames.ts";

/** As a server writes it. */
function frame(content: Buffer, opcode = 2): Buffer {
  const { length } = content;
  const head =
    length < 126
      ? Buffer.from([0x80 | opcode, length])
      : length < 65_536
        ? Buffer.from([0x80 | opcode, 126, length >> 8, length & 255])
        : Buffer.from([
            0x80 | opcode,
            127,
            0,
            0,
            0,
            0,
            (length >> 24) & 255,
            (length >> 16) & 255,
            (length >> 8) & 255,
            length & 255,
          ]);
  return Buffer.concat([head, content]);
}

const REVOKED = Buffer.concat([Buffer.from([0x88, 9, 0x11, 0x31]), Buffer.from("revoked")]);
const some = fc.oneof(fc.nat(300), fc.constantFrom(0, 125, 126, 65_535, 65_536));

test("Wherever frames are cut, and whenever it is finished, what arrives is whole frames and then the farewell (property)", async () => {
  const pieces = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(fc.array(some, { maxLength: 6 }), pieces, fc.nat(30), async (lengths, cuts, finishAt) => {
      const frames = lengths.map((length, index) => frame(Buffer.alloc(length, index + 1)));
      const bytes = Buffer.concat(frames);
      const way = createWholeFrames();
      const arrived = buffer(way);
      let given = 0;
      let finishedAt: number | undefined;
      for (let turn = 0; given < bytes.length || turn <= finishAt; turn += 1) {
        if (turn === finishAt) {
          finishedAt = given;
          way.finish(4_401, "revoked");
        }
        const next = Math.min(bytes.length, given + (cuts[turn % cuts.length] ?? 1));
        const piece = bytes.subarray(given, next);
        given = next;
        if (piece.length === 0) continue;
        // What waits to be read is not under way yet, and nothing of it follows the farewell.
        if (finishedAt === undefined) await new Promise<void>((resolve) => way.write(piece, () => resolve()));
        else way.write(piece);
      }
      // Up to the first end of a frame at or after what had been given by then.
      let whole = 0;
      for (const each of frames) if (whole < (finishedAt ?? 0)) whole += each.length;
      expect(Buffer.compare(await arrived, Buffer.concat([bytes.subarray(0, whole), REVOKED]))).toBe(0);
    }),
    { numRuns: 200 },
  );
});

test("Where nobody finishes it, everything passes as it is, and its end is the end", async () => {
  const bytes = Buffer.concat([frame(Buffer.alloc(70_000, 7)), frame(Buffer.from("x"), 1)]);
  const way = createWholeFrames();
  const arrived = buffer(way);
  for (const byte of bytes.subarray(0, 20)) way.write(Buffer.from([byte]));
  way.end(bytes.subarray(20));
  expect(Buffer.compare(await arrived, bytes)).toBe(0);
});

test("One that has ended, and whose end nobody has read yet, is finished without a further word", async () => {
  const bytes = Buffer.concat([frame(Buffer.alloc(40_000, 7)), frame(Buffer.from([0x03, 0xe8]), 8)]);
  const way = createWholeFrames();
  const broken: unknown[] = [];
  way.on("error", (error) => broken.push(error));
  way.write(bytes.subarray(0, 20_000));
  way.end(bytes.subarray(20_000));
  await new Promise<void>((resolve) => setImmediate(resolve));
  way.finish(4_401, "revoked");
  expect(Buffer.compare(await buffer(way), bytes)).toBe(0);
  expect(broken).toEqual([]);
});
