import { manualTimers } from "@ws/rpc-contract/testing";
import { expect, test } from "vitest";
import { loadAgain } from "./lazy-part.ts";

/** Fails so many times. */
function flaky(failures: number) {
  const timers = manualTimers();
  let tries = 0;
  const loading = loadAgain(async () => {
    tries += 1;
    if (tries <= failures) throw new TypeError("Failed to fetch dynamically imported module");
    return "part";
  }, timers);
  return { timers, loading, tries: () => tries };
}

test("A part whose script did not come is asked for again, and shown once it comes", async () => {
  const { timers, loading, tries } = flaky(2);
  await expect
    .poll(() => {
      timers.advance(5_000);
      return tries();
    })
    .toBe(3);
  await expect(loading).resolves.toBe("part");
});

test("What does not come at all is a failure in the end", async () => {
  const { timers, loading, tries } = flaky(9);
  const failed = loading.catch(String);
  await expect
    .poll(() => {
      timers.advance(5_000);
      return tries();
    })
    .toBe(4);
  expect(await failed).toContain("dynamically imported");
});
