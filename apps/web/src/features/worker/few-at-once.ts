/** Runs work a few at a time, in the order in which it came; what is aborted while it waits is never begun. */
type FewAtOnce = <T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => Promise<T>;

/**
 * A browser has six connections to an agent, and its streams have some: workers that do not answer must not take the rest. None has longer
 * than `eachMs`, from when it was begun.
 */
export function createFewAtOnce(most: number, eachMs: number): FewAtOnce {
  let running = 0;
  const waiting: (() => void)[] = [];

  return async (work, signal) => {
    // Whoever waited is given the place of one that ended, so that nobody who comes just then takes it too.
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      signal.throwIfAborted();
      return await work(AbortSignal.any([signal, AbortSignal.timeout(eachMs)]));
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
