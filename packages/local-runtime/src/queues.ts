/** Work under a key runs one after the other, whatever comes of it; different keys do not meet. */
export interface Queues<K> {
  run<T>(key: K, work: () => Promise<T>): Promise<T>;
  /** Whether work under this key runs or waits. */
  isBusy(key: K): boolean;
}

export function createQueues<K>(): Queues<K> {
  const tails = new Map<K, Promise<unknown>>();
  return {
    isBusy: (key) => tails.has(key),
    async run(key, work) {
      const mine = (tails.get(key) ?? Promise.resolve()).then(work);
      const tail = mine.catch(() => undefined);
      tails.set(key, tail);
      try {
        return await mine;
      } finally {
        if (tails.get(key) === tail) tails.delete(key);
      }
    },
  };
}
