import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { expect, test } from "vitest";
import { createBytePair } from "./byte-pair.ts";

test("much more than it holds passes both ways, each end in its own time", async () => {
  const { stream, channel } = createBytePair();
  const content = randomBytes(4 * 2 ** 20);
  const pieces = Array.from({ length: 64 }, (_each, at) =>
    content.subarray((at * content.length) / 64, ((at + 1) * content.length) / 64),
  );
  // All at once, as a library does that asks nobody for room.
  for (const piece of pieces) stream.write(piece);
  stream.end();
  const out: Uint8Array[] = [];
  for await (const bytes of channel.readable) out.push(bytes);
  expect(Buffer.concat(out).equals(content)).toBe(true);

  const back: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => {
    back.push(chunk);
    stream.pause();
    setImmediate(() => stream.resume());
  });
  const ended = once(stream, "end");
  for (const piece of pieces) await channel.write(piece);
  await channel.end();
  await ended;
  expect(Buffer.concat(back).equals(content)).toBe(true);
});

test("nothing waits for an end that is gone", async () => {
  const { stream, channel } = createBytePair();
  const writing = channel.write(new Uint8Array(2 ** 20));
  channel.destroy();
  await writing;
  await expect(channel.write(new Uint8Array(1))).rejects.toMatchObject({ code: "connection_closed" });
  for await (const _bytes of channel.readable) expect.unreachable();
  await channel.end();
  expect(stream.destroyed).toBe(true);
});
