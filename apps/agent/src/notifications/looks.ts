import type { Clock } from "@ws/workspace-core";

/** Who looks at the dashboard, as its pages say it. */
export interface Looks {
  /** A page of this caller is used now, or is out of sight. */
  look(caller: string, here: boolean): void;
  /** For how many more milliseconds somebody counts as there; 0 where nobody does. */
  left(): number;
  /** When somebody was last seen there; 0 where nobody ever was. */
  last(): number;
}

/** Pages say so at most every half a minute. */
const LOOK_MS = 60_000;

export function createLooks(clock: Pick<Clock, "now">): Looks {
  const until = new Map<string, number>();
  let last = 0;
  return {
    look(caller, here) {
      const now = clock.now();
      if (here) last = now;
      for (const [other, end] of until) if (end <= now) until.delete(other);
      if (here) until.set(caller, now + LOOK_MS);
      else until.delete(caller);
    },
    left: () => Math.max(0, ...[...until.values()].map((end) => end - clock.now())),
    last: () => last,
  };
}
