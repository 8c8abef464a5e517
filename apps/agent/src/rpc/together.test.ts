import { expect, test } from "vitest";
import { together } from "./together.ts";

async function* counts(to: number) {
  for (let at = 1; at <= to; at += 1) yield at;
}

test("What several streams give comes as it comes, and ends once all have ended", async () => {
  const seen = await Array.fromAsync(together([counts(3), counts(0), counts(2)]));
  expect(seen.toSorted((a, b) => a - b)).toEqual([1, 1, 2, 2, 3]);
  expect(await Array.fromAsync(together([]))).toEqual([]);
});

test("One that is silent holds none of the others up, and is left with them", async () => {
  let left = false;
  const waiting = Promise.withResolvers<void>();
  const silent = (async function* () {
    try {
      await waiting.promise;
      yield 0;
    } finally {
      left = true;
    }
  })();
  const events = together([silent, counts(1_000)]);
  for (let at = 1; at <= 1_000; at += 1) expect((await events.next()).value).toBe(at);
  await events.return(undefined);
  waiting.resolve();
  await expect.poll(() => left).toBe(true);
});

test("No event is asked for before the last one of its stream was taken: a slow reader holds it up", async () => {
  let asked = 0;
  const eager = (async function* () {
    for (;;) yield (asked += 1);
  })();
  const events = together([eager]);
  expect((await events.next()).value).toBe(1);
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect(asked).toBe(1);
  await events.return(undefined);
});

test("The first that fails is how it ends, and the others are left", async () => {
  let left = false;
  const endless = (async function* () {
    try {
      for (let at = 0; ; at += 1) yield at;
    } finally {
      left = true;
    }
  })();
  const failing = (async function* (): AsyncGenerator<number> {
    yield -1;
    throw new Error("gone");
  })();
  await expect(Array.fromAsync(together([endless, failing]))).rejects.toThrow("gone");
  await expect.poll(() => left).toBe(true);
});
