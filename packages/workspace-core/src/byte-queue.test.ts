import { describe, expect, test } from "vitest";

import { createByteQueue } from "./byte-queue.ts";
import { concatBytes } from "./bytes.ts";
import { same } from "./testing/box-suite/probing.ts";

const bytes = (length: number): Uint8Array => new Uint8Array(length);

describe("a byte queue", () => {
  test("asks its writer to stop when it is full, and on when half of it was read", async () => {
    let asked = 0;
    const queue = createByteQueue({ limit: 10_000, onSpace: () => (asked += 1) });
    expect(queue.push(bytes(4_000))).toBe(true);
    expect(queue.push(bytes(4_000))).toBe(true);
    expect(queue.push(bytes(4_000))).toBe(false);
    const reader = queue.source[Symbol.asyncIterator]();
    await reader.next();
    expect(asked).toBe(0);
    await reader.next();
    expect(asked).toBe(1);
  });

  test("gives what was pushed before its end, and then the end", async () => {
    const queue = createByteQueue();
    queue.push(bytes(1));
    queue.end();
    const lengths: number[] = [];
    for await (const chunk of queue.source) lengths.push(chunk.length);
    expect(lengths).toEqual([1]);
  });

  test("keeps what comes byte by byte together, for whoever reads it late (a program that prints single characters)", async () => {
    const queue = createByteQueue();
    const sent = Uint8Array.from({ length: 200_000 }, (_each, index) => index % 251);
    for (let at = 0; at < sent.length; at += 1) queue.push(sent.subarray(at, at + 1));
    queue.push(sent);
    queue.end();
    const parts: Uint8Array[] = [];
    for await (const part of queue.source) parts.push(part);
    expect(parts.length).toBeLessThan(500);
    expect(parts.at(-1)).toBe(sent);
    expect(same(concatBytes(parts), concatBytes([sent, sent]))).toBe(true);
  });

  test("wakes a reader that waits", async () => {
    const queue = createByteQueue();
    const next = queue.source[Symbol.asyncIterator]().next();
    queue.push(bytes(3));
    expect((await next).value?.length).toBe(3);
  });

  test("gives the failure instead of what nobody read", async () => {
    const queue = createByteQueue();
    queue.push(bytes(1));
    const failure = new Error("cut");
    queue.fail(failure);
    await expect(queue.source[Symbol.asyncIterator]().next()).rejects.toBe(failure);
  });

  test("lets its writer go on when it failed: a program that is being ended must not hang on its last words", () => {
    let asked = 0;
    const queue = createByteQueue({ limit: 2, onSpace: () => (asked += 1) });
    expect(queue.push(bytes(5))).toBe(false);
    queue.fail(new Error("cut"));
    expect(asked).toBe(1);
    expect(queue.push(bytes(1_000))).toBe(true);
  });

  test("lets its writer go on when the reader left", async () => {
    let asked = 0;
    const queue = createByteQueue({ limit: 2, onSpace: () => (asked += 1) });
    queue.push(bytes(5));
    queue.push(bytes(5));
    for await (const _chunk of queue.source) break;
    expect(asked).toBe(1);
    expect(queue.push(bytes(1_000))).toBe(true);
  });
});
