import { Duplex } from "node:stream";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { createFrameParser, demultiplex } from "./demux.ts";

type Frame = [kind: 1 | 2, bytes: Uint8Array];

function encode(frames: readonly Frame[]): Buffer {
  return Buffer.concat(
    frames.flatMap(([kind, bytes]) => {
      const head = Buffer.alloc(8);
      head[0] = kind;
      head.writeUInt32BE(bytes.length, 4);
      return [head, bytes];
    }),
  );
}

describe("the engine's frames", () => {
  test("are read whole wherever the chunks are cut", () => {
    const frame = fc.tuple(fc.constantFrom<1 | 2>(1, 2), fc.uint8Array({ maxLength: 40 }));
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 20 }), fc.array(fc.integer({ min: 1, max: 30 })), (frames, cuts) => {
        const seen = { stdout: [] as number[], stderr: [] as number[] };
        const parse = createFrameParser((kind, bytes) => seen[kind].push(...bytes));
        let rest = encode(frames);
        for (const cut of [...cuts, Infinity]) {
          parse(rest.subarray(0, cut));
          rest = rest.subarray(cut);
        }
        expect(seen.stdout).toEqual(frames.filter(([kind]) => kind === 1).flatMap(([, bytes]) => [...bytes]));
        expect(seen.stderr).toEqual(frames.filter(([kind]) => kind === 2).flatMap(([, bytes]) => [...bytes]));
      }),
    );
  });

  test("become a stream that closes when the connection under it closes without a word", async () => {
    const raw = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
    const errors: string[] = [];
    const stream = demultiplex(raw, (bytes) => errors.push(bytes.toString()));
    raw.push(
      encode([
        [1, Buffer.from("out")],
        [2, Buffer.from("err")],
      ]),
    );
    const closed = new Promise((resolve) => stream.on("close", resolve));
    const data = await new Promise((resolve) => stream.once("data", (chunk: Buffer) => resolve(chunk.toString())));
    raw.destroy();
    await closed;
    expect({ data, errors }).toEqual({ data: "out", errors: ["err"] });
  });
});
