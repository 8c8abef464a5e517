import { expect, test } from "vitest";
import { createFollowQueue, type FollowQueue } from "./follow-queue.ts";

const make = (limit?: number): FollowQueue =>
  createFollowQueue({ ...(limit === undefined ? {} : { limit }), leftOut: (count) => `(${count} left out)` });

const textsOf = async (queue: { read(): AsyncIterable<{ text: string }> }): Promise<string[]> =>
  (await Array.fromAsync(queue.read())).map(({ text }) => text);

test("a source that can wait is asked for its next line once the last one was read", async () => {
  const queue = make();
  let given = 0;
  const source = (async () => {
    for (; given < 5; given += 1) await queue.offer(`line ${given}`);
    queue.end();
  })();
  await Promise.resolve();
  expect(given).toBe(0);
  expect(await textsOf(queue)).toEqual(["line 0", "line 1", "line 2", "line 3", "line 4"]);
  await source;
});

test("lines that cannot wait are kept in their order up to the limit, and those left out are counted in their place", async () => {
  const queue = make(4);
  for (const line of ["aa", "bb", "cc", "dd"]) queue.add(line);
  const waiting = queue.offer("from the other source");
  queue.add("ee");
  const reader = queue.read();
  const next = async (): Promise<unknown> => ((await reader.next()).value as { text: string }).text;
  expect([await next(), await next()]).toEqual(["aa", "bb"]);
  queue.add("ff");
  queue.end();
  expect((await Array.fromAsync(reader)).map(({ text }) => text)).toEqual([
    "(2 left out)",
    "from the other source",
    "(1 left out)",
    "ff",
  ]);
  await waiting;
});

test("whoever waits is let go when nobody reads any more", async () => {
  const left = make();
  const waits = [left.offer("a"), left.offer("b")];
  for await (const { text } of left.read()) {
    expect(text).toBe("a");
    break;
  }
  await Promise.all(waits);
  await left.offer("c");

  const closed = make();
  const wait = closed.offer("never read");
  closed.close();
  await wait;
  expect(await textsOf(closed)).toEqual([]);
});

test("a failure comes after what was queued before it", async () => {
  const queue = make();
  queue.add("before");
  queue.end({ failure: new Error("a defect") });
  const reader = queue.read();
  expect((await reader.next()).value).toMatchObject({ text: "before" });
  await expect(reader.next()).rejects.toThrow("a defect");
});
