import type { Timers } from "../timers.ts";

export const PING_EVERY_MS = 4_000;
export const PONG_WITHIN_MS = 5_000;

/**
 * Finds a dead link within nine seconds: asks after four quiet ones and waits five for any sign of life. The wait
 * starts with the question, so that a tab whose timers the browser slowed down does not take itself for dead.
 */
export function startHeartbeat(options: { timers: Timers; ping: () => void; dead: () => void }): {
  /** Anything that arrived. */
  alive(): void;
  stop(): void;
} {
  const { timers, ping, dead } = options;
  let cancel = listen();
  return {
    alive() {
      cancel();
      cancel = listen();
    },
    stop: () => cancel(),
  };

  function listen(): () => void {
    return timers.after(PING_EVERY_MS, () => {
      cancel = timers.after(PONG_WITHIN_MS, dead);
      ping();
    });
  }
}
