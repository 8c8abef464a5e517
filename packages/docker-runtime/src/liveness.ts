import type { Clock } from "@ws/workspace-core";

/** Together below the five seconds within which a silent engine has to be noticed. */
export const PING_INTERVAL_MS = 1_500;
export const PING_TIMEOUT_MS = 3_000;

export interface Liveness {
  /** Calls `onSilent` once if the engine stops answering before the watch is disposed. */
  watch(onSilent: (cause: unknown) => void): Disposable;
}

/**
 * One ping loop for however many requests are under way: a request to an engine that was cut off without a
 * reset would otherwise wait for ever. Nothing is sent while nothing is under way.
 */
export function createLiveness(options: { ping: (signal: AbortSignal) => Promise<void>; clock: Clock }): Liveness {
  const { ping, clock } = options;
  const watchers = new Set<(cause: unknown) => void>();
  let stop: AbortController | undefined;

  async function answers(signal: AbortSignal): Promise<{ cause: unknown } | undefined> {
    const attempt = new AbortController();
    const both = AbortSignal.any([attempt.signal, signal]);
    const late = clock.sleep(PING_TIMEOUT_MS, both).then(
      () => ({ cause: new Error(`no answer to a ping within ${PING_TIMEOUT_MS} ms`) }),
      () => undefined,
    );
    const answer = ping(both).then(
      () => undefined,
      (cause: unknown) => ({ cause }),
    );
    const result = await Promise.race([answer, late]);
    attempt.abort();
    return result;
  }

  async function loop(signal: AbortSignal): Promise<void> {
    for (;;) {
      await clock.sleep(PING_INTERVAL_MS, signal);
      const silence = await answers(signal);
      if (signal.aborted) return;
      if (silence === undefined) continue;
      for (const onSilent of watchers) onSilent(silence.cause);
    }
  }

  return {
    watch(onSilent) {
      const watcher = (cause: unknown): void => onSilent(cause);
      watchers.add(watcher);
      if (stop === undefined) {
        stop = new AbortController();
        // It only ever ends by being stopped.
        loop(stop.signal).catch(() => undefined);
      }
      return {
        [Symbol.dispose]() {
          watchers.delete(watcher);
          if (watchers.size > 0) return;
          stop?.abort();
          stop = undefined;
        },
      };
    },
  };
}
