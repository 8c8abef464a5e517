import { expect, test } from "vitest";
import { createManualClock } from "./testing/manual-clock.ts";
import { inTime } from "./time-limit.ts";

const late = (): Error => new Error("too late");

test("Work that ends in time gives what it gives, and lets the clock go", async () => {
  const clock = createManualClock();
  let told: AbortSignal | undefined;
  const work = async (ending: AbortSignal): Promise<number> => {
    told = ending;
    return 7;
  };
  expect(await inTime(clock, { ms: 100, late }, work)).toBe(7);
  clock.advance(1_000);
  await new Promise((resolve) => setTimeout(resolve));
  expect(told?.aborted).toBe(false);
});

test("Work that does not end in time is told so, and is not waited for", async () => {
  const clock = createManualClock();
  const told = Promise.withResolvers<void>();
  const caller = new AbortController();
  const over = inTime(clock, { ms: 100, signal: caller.signal, late }, (ending) => {
    ending.addEventListener("abort", () => told.resolve());
    return new Promise(() => undefined);
  });
  over.catch(() => undefined);
  clock.advance(100);
  await expect(over).rejects.toThrow("too late");
  await told.promise;
});

test("Whoever gives the work up is told that, also when its time is over meanwhile", async () => {
  const clock = createManualClock();
  const caller = new AbortController();
  const over = inTime(clock, { ms: 100, signal: caller.signal, late }, () => new Promise(() => undefined));
  over.catch(() => undefined);
  caller.abort();
  clock.advance(100);
  await expect(over).rejects.toMatchObject({ code: "aborted" });
});

test("Work that fails by itself fails with its own reason", async () => {
  const work = (): Promise<never> => Promise.reject(new Error("its own"));
  await expect(inTime(createManualClock(), { ms: 100, late }, work)).rejects.toThrow("its own");
});
