import type { Clock } from "@ws/workspace-core";

/** The machine's clocks, which a test can make leap. */
export interface LeapingClock extends Clock {
  leap(ms: number): void;
}

export function createLeapingClock(): LeapingClock {
  let offset = 0;
  const sleepers = new Set<{ at: number; wake: () => void }>();
  const monotonic = (): number => performance.now() + offset;
  return {
    now: () => Date.now() + offset,
    monotonic,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { at: monotonic() + ms, wake: () => over(resolve) };
        const timer = setTimeout(sleeper.wake, ms);
        const abort = (): void => over(() => reject(signal?.reason as Error));
        const over = (end: () => void): void => {
          clearTimeout(timer);
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", abort);
          end();
        };
        if (signal?.aborted === true) return abort();
        signal?.addEventListener("abort", abort);
        sleepers.add(sleeper);
      }),
    leap(ms) {
      offset += ms;
      for (const { at, wake } of sleepers) if (at <= monotonic()) wake();
    },
  };
}
