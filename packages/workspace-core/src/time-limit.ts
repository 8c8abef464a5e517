import { orAborted } from "./aborted.ts";
import type { Clock } from "./ports.ts";

/** A signal that aborts once the clock has counted so many milliseconds; disposing of it lets the clock go. */
export function timeLimit(clock: Pick<Clock, "sleep">, ms: number): Disposable & { readonly signal: AbortSignal } {
  const limit = new AbortController();
  const over = new AbortController();
  clock.sleep(ms, over.signal).then(
    () => limit.abort(),
    () => undefined,
  );
  return { signal: limit.signal, [Symbol.dispose]: () => over.abort() };
}

/**
 * What the work gives, which is told by its signal when it has to end. Throws `aborted` as soon as the caller's own signal
 * says so, and what `late` makes once the time is over; the work itself may still go on then.
 */
export async function inTime<T>(
  clock: Pick<Clock, "sleep">,
  { ms, signal, late }: { ms: number; signal?: AbortSignal | undefined; late: (cause: unknown) => unknown },
  work: (ending: AbortSignal) => Promise<T>,
): Promise<T> {
  using limit = timeLimit(clock, ms);
  const ending = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]);
  try {
    return await orAborted(work(ending), ending);
  } catch (error) {
    throw limit.signal.aborted && signal?.aborted !== true ? late(error) : error;
  }
}
