export interface Turns {
  /** Runs it when its turn comes, in the order in which they asked. */
  <T>(work: () => Promise<T>): Promise<T>;
}

/** Lets so many run at once and the others wait. */
export function createTurns(count: number): Turns {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
