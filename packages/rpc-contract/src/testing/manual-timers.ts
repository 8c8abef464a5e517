import type { Timers } from "../timers.ts";

export interface ManualTimers extends Timers {
  /** Runs everything due within this time, in order. */
  advance(ms: number): void;
  pending(): number;
}

/** A clock that stands still until a test moves it. */
export function manualTimers(): ManualTimers {
  let time = 0;
  let waiting: { at: number; run: () => void }[] = [];
  return {
    now: () => time,
    after(ms, run) {
      const timer = { at: time + ms, run };
      waiting.push(timer);
      return () => {
        waiting = waiting.filter((other) => other !== timer);
      };
    },
    advance(ms) {
      const end = time + ms;
      for (;;) {
        const due = waiting.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        waiting = waiting.filter((timer) => timer !== due);
        time = due.at;
        due.run();
      }
      time = end;
    },
    pending: () => waiting.length,
  };
}
