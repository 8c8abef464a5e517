import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test, vi } from "vitest";
import { createKept } from "./kept.ts";

function setUp(tookMs = 0) {
  const clock = createManualClock();
  const worker = { state: "a", runs: 0, fails: false };
  const told = vi.fn();
  const kept = createKept({
    clock,
    told,
    state: () => worker.state,
    work: async () => {
      await Promise.resolve();
      worker.runs += 1;
      if (worker.fails) throw new Error("Busy.");
      clock.advance(tookMs);
      return worker.runs;
    },
  });
  return { clock, worker, told, kept };
}

test("What is added up once is kept until there is something new, and is added up once for all who ask", async () => {
  const { worker, kept } = setUp();
  expect(await Promise.all([kept.now(), kept.now(), kept.now()])).toEqual([1, 1, 1]);
  expect(await kept.now()).toBe(1);
  worker.state = "b";
  expect([await kept.now(), await kept.now()]).toEqual([2, 2]);
});

test("What takes long to add up is added up anew only after a rest of twenty times as long", async () => {
  const { clock, worker, kept } = setUp(1_000);
  await kept.now();
  worker.state = "b";
  clock.advance(19_000);
  expect(await kept.now()).toBe(1);
  clock.advance(1_000);
  expect(await kept.now()).toBe(2);
});

test("Whoever cannot wait is given what is known, and told once there is something else", async () => {
  const { worker, told, kept } = setUp();
  expect(kept.known()).toBeUndefined();
  await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(1));
  expect(kept.known()).toBe(1);
  worker.state = "b";
  worker.fails = true;
  expect(kept.known()).toBe(1);
  await expect(kept.now()).rejects.toThrow("Busy.");
  worker.fails = false;
  expect(kept.known()).toBe(1);
  await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(2));
  expect(kept.known()).toBe(3);
});
