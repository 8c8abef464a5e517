import type { Clock } from "@ws/workspace-core";

/** How long an engine may take to let us in; it may be silent rather than gone. */
export const OPEN_TIMEOUT_MS = 15_000;

/** Runs work under a signal that also fires when it takes too long. */
export async function within<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const done = new AbortController();
  const both = AbortSignal.any([signal, limit.signal]);
  clock.sleep(ms, done.signal).then(
    () => limit.abort(new Error(`no answer within ${ms} ms`)),
    () => undefined,
  );
  const stopped = new Promise<never>((_resolve, reject) => {
    const stop = (): void => reject(both.reason as Error);
    if (both.aborted) stop();
    both.addEventListener("abort", stop, { once: true });
  });
  stopped.catch(() => undefined);
  try {
    return await Promise.race([work(both), stopped]);
  } finally {
    done.abort();
  }
}
