import { expect, test } from "vitest";
import { createLookTeller, EVERY_MS } from "./tell-looks.ts";

function setUp(told = true) {
  const said: boolean[] = [];
  let waiting: { ms: number; run: () => void } | undefined;
  const teller = createLookTeller({
    say: async (here) => {
      said.push(here);
      return told;
    },
    timers: {
      now: () => 0,
      after(ms: number, run: () => void) {
        const mine = { ms, run };
        waiting = mine;
        return () => void (waiting === mine && (waiting = undefined));
      },
    },
  });
  return {
    said,
    teller,
    waits: () => waiting?.ms,
    pass() {
      const { run } = waiting ?? {};
      waiting = undefined;
      run?.();
    },
  };
}

test("Whoever uses the page is said to be there at once, and then as long as they go on, not at every key", () => {
  const { said, teller, pass } = setUp();
  for (const _ of Array(5)) teller.used();
  expect(said).toEqual([true]);
  pass();
  expect(said).toEqual([true, true]);
  pass();
  expect(said).toEqual([true, true]);
  teller.used();
  expect(said).toEqual([true, true, true]);
});

test("Whoever goes is said to be gone, once", () => {
  const { said, teller, waits } = setUp();
  teller.left();
  teller.used();
  teller.left();
  teller.left();
  expect(said).toEqual([true, false]);
  expect(waits()).toBeUndefined();
  teller.used();
  expect(said).toEqual([true, false, true]);
});

test("Where no browser is told anything it is said seldom", async () => {
  const { teller, waits } = setUp(false);
  teller.used();
  expect(waits()).toBe(EVERY_MS);
  await expect.poll(waits).toBeGreaterThan(EVERY_MS);
});
