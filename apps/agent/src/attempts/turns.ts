/** One thing at a time with each comparison: two picks at once would each remove what the other one picked. */
export interface Turns {
  /** Does the work once all that came before it for this comparison is over, however that ended. */
  run<T>(id: string, work: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  const tails = new Map<string, Promise<unknown>>();
  return {
    async run(id, work) {
      const mine = (tails.get(id) ?? Promise.resolve()).then(work);
      const tail = mine.catch(() => undefined);
      tails.set(id, tail);
      try {
        return await mine;
      } finally {
        if (tails.get(id) === tail) tails.delete(id);
      }
    },
  };
}
