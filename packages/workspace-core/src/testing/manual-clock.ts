import type { Clock } from "../ports.ts";

export interface ManualClock extends Clock {
  /** Moves both clocks on and resolves the sleeps that are due. */
  advance(ms: number): void;
  /** Resolves once every timer that ran out has been dealt with: something sleeps again. */
  idle(): Promise<void>;
  /** Moves wall time only, as an operator or NTP does. */
  jump(ms: number): void;
}

/** Time that moves only when told to. */
export function createManualClock(start = Date.UTC(2026, 0, 1)): ManualClock {
  let wall = start;
  let monotonic = 0;
  const sleepers = new Set<{ due: number; wake: () => void }>();
  return {
    now: () => wall,
    monotonic: () => monotonic,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { due: monotonic + ms, wake: resolve };
        const abort = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason as Error);
        };
        if (signal?.aborted === true) return abort();
        signal?.addEventListener("abort", abort, { once: true });
        sleepers.add(sleeper);
      }),
    advance(ms) {
      wall += ms;
      monotonic += ms;
      for (const sleeper of [...sleepers].sort((a, b) => a.due - b.due)) {
        if (sleeper.due > monotonic) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
    async idle() {
      while (sleepers.size === 0) await new Promise((resolve) => setTimeout(resolve));
    },
    jump(ms) {
      wall += ms;
    },
  };
}
