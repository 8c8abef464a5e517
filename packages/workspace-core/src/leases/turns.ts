import type { Clock } from "../ports.ts";

/** What becomes free without anybody saying so, such as a workspace whose work was pushed, is seen after this. */
const LOOK_EVERY_MS = 15_000;

/** Lets those who wait for something of one name go on one by one, in the order they came. */
export interface Turns {
  /** Resolves when something became free, or may have. Rejects with the signal's reason. */
  next(name: string, signal?: AbortSignal): Promise<void>;
  wake(name: string): void;
}

export function createTurns(clock: Pick<Clock, "sleep">): Turns {
  const waiting = new Map<string, (() => void)[]>();
  return {
    async next(name, signal) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const queue = waiting.get(name) ?? [];
      waiting.set(name, [...queue, resolve]);
      const over = new AbortController();
      const ended = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
      try {
        await Promise.race([promise, clock.sleep(LOOK_EVERY_MS, ended)]);
      } finally {
        over.abort();
        waiting.set(
          name,
          (waiting.get(name) ?? []).filter((one) => one !== resolve),
        );
        if (waiting.get(name)?.length === 0) waiting.delete(name);
      }
    },
    wake(name) {
      waiting.get(name)?.[0]?.();
    },
  };
}
