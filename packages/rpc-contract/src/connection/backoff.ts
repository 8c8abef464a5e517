import { retryDelay } from "../retry-delay.ts";
import type { Timers } from "../timers.ts";

/** What broke sooner than this had not really come back. */
const STOOD_MS = 5_000;

/** How long to wait after each of several failures in a row. */
export interface Backoff {
  readonly failures: number;
  /** It is open again. */
  stands(): void;
  /** It failed once more: milliseconds until the next attempt. */
  next(): number;
}

export function createBackoff(timers: Pick<Timers, "now">, random: () => number): Backoff {
  let failures = 0;
  let firstAt = 0;
  let standsSince: number | undefined;
  return {
    get failures() {
      return failures;
    },
    stands() {
      standsSince ??= timers.now();
    },
    next() {
      const now = timers.now();
      if (standsSince !== undefined && now - standsSince >= STOOD_MS) failures = 0;
      standsSince = undefined;
      if (failures === 0) firstAt = now;
      failures += 1;
      return retryDelay(failures - 1, now - firstAt, random);
    },
  };
}
