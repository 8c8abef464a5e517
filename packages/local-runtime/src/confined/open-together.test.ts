import { expect, test } from "vitest";
import { openTogether } from "./open-together.ts";

/** Counts what is opened and closed; `fail` is thrown by the next opening. */
function createCounted() {
  const counts = { opened: 0, closed: 0 };
  let fail: Error | undefined;
  const take = openTogether(async () => {
    await Promise.resolve();
    const error = fail;
    fail = undefined;
    if (error !== undefined) throw error;
    counts.opened += 1;
    const number = counts.opened;
    return { number, [Symbol.asyncDispose]: async () => void (counts.closed += 1) };
  });
  return { counts, take, failNext: (error: Error) => (fail = error) };
}

test("is opened once for all who use it at a time, and closed when the last has left", async () => {
  const { counts, take } = createCounted();
  const [one, other] = await Promise.all([take(), take()]);
  expect([one.number, other.number, counts]).toEqual([1, 1, { opened: 1, closed: 0 }]);
  await one[Symbol.asyncDispose]();
  const late = await take();
  expect([late.number, counts.closed]).toEqual([1, 0]);
  await Promise.all([other[Symbol.asyncDispose](), late[Symbol.asyncDispose]()]);
  expect(counts).toEqual({ opened: 1, closed: 1 });
  expect((await take()).number).toBe(2);
});

test("that could not be opened is told to all who waited for it, and opened anew for the next", async () => {
  const { counts, take, failNext } = createCounted();
  failNext(new Error("gone"));
  const waiting = [take(), take()];
  for (const each of waiting) await expect(each).rejects.toThrow("gone");
  await (await take())[Symbol.asyncDispose]();
  expect(counts).toEqual({ opened: 1, closed: 1 });
});
