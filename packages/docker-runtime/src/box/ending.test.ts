import { expect, test } from "vitest";

import { createEnding } from "./ending.ts";

test("work that is done before the end gives its outcome", async () => {
  const ending = createEnding();
  expect(await ending.until(Promise.resolve(1))).toEqual({ value: 1 });
  await expect(ending.until(Promise.reject(new Error("failed")))).rejects.toThrow("failed");
});

test("the end comes to all who wait, and at once to those who come later", async () => {
  const ending = createEnding();
  const never = new Promise<never>(() => undefined);
  const waiting = [ending.until(never), ending.until(never)];
  ending.end();
  ending.end();
  expect(await Promise.all([...waiting, ending.until(never)])).toEqual(["ended", "ended", "ended"]);
});

test("a listener that was taken back is not called", () => {
  const ending = createEnding();
  const called: string[] = [];
  ending.onEnd(() => called.push("kept"));
  ending.onEnd(() => called.push("taken back"))();
  ending.end();
  expect(called).toEqual(["kept"]);
});
