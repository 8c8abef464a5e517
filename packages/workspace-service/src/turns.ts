/** One piece of work for each key at a time, in the order asked for. */
export interface Turns<K> {
  take<T>(key: K, work: () => Promise<T>): Promise<T>;
}

export function createTurns<K>(): Turns<K> {
  const last = new Map<K, Promise<unknown>>();
  return {
    take(key, work) {
      const mine = (last.get(key) ?? Promise.resolve()).then(work);
      const over = mine.catch(() => undefined);
      last.set(key, over);
      void over.then(() => last.get(key) === over && last.delete(key));
      return mine;
    },
  };
}
