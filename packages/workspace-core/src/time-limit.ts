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
