import { expect, test } from "vitest";
import { createByteQueue } from "../byte-queue.ts";
import type { ByteChannel } from "../ports.ts";
import { countedAsUse } from "./counted-as-use.ts";

function opened() {
  const queue = createByteQueue();
  const channel: ByteChannel = {
    readable: queue.source,
    write: async (bytes) => {
      if (bytes.length === 0) throw new Error("closed");
    },
    end: async () => undefined,
    destroy: () => undefined,
  };
  let isUsed = true;
  const counted = countedAsUse(channel, (work) => void work.then(() => (isUsed = false)));
  const used = async (): Promise<boolean> => {
    await Promise.resolve();
    return isUsed;
  };
  const read = async (): Promise<void> => {
    for await (const _bytes of counted.readable);
  };
  return { queue, counted, used, read };
}

test("it is in use until both directions have ended", async () => {
  const { queue, counted, used, read } = opened();
  await counted.end();
  expect(await used()).toBe(true);
  queue.end();
  await read();
  expect(await used()).toBe(false);
});

test("a direction that fails has ended, and what is destroyed is in no use", async () => {
  const failing = opened();
  failing.queue.end();
  await failing.read();
  await expect(failing.counted.write(new Uint8Array())).rejects.toThrow("closed");
  await expect.poll(failing.used).toBe(false);
  const destroyed = opened();
  destroyed.counted.destroy();
  await expect.poll(destroyed.used).toBe(false);
});
