import { expect, test } from "vitest";
import { retryDelay } from "./retry-delay.ts";

test("The first attempt after a loss comes within a third of a second", () => {
  expect(retryDelay(0, 0, () => 0.999)).toBeLessThan(301);
});

test("For two minutes the attempts are about a second apart", () => {
  for (const random of [0, 0.5, 0.999]) {
    const delay = retryDelay(5, 60_000, () => random);
    expect(delay).toBeGreaterThanOrEqual(500);
    expect(delay).toBeLessThanOrEqual(1500);
  }
});

test("After that they slow down, but never beyond six seconds and never to an end", () => {
  expect(retryDelay(200, 150_000, () => 1)).toBe(2000);
  expect(retryDelay(10_000, 86_400_000, () => 1)).toBe(6_000);
  expect(retryDelay(10_000, 86_400_000, () => 0)).toBe(3_000);
});
