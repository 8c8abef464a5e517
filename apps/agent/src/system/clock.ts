import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "@ws/workspace-core";

/** The machine's clocks. */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    async sleep(ms, signal) {
      try {
        await sleep(ms, undefined, signal === undefined ? {} : { signal });
      } catch (error) {
        throw signal?.reason ?? error;
      }
    },
  };
}
