import { orAborted, throwIfAborted } from "@ws/workspace-core";

/** Work of which there is one per key at a time: whoever asks for it meanwhile gets the same result. */
export interface SharedWork<T> {
  run(key: string, work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** Nobody's abort takes it from others; it ends when nobody waits for it any more. */
export function createSharedWork<T>(): SharedWork<T> {
  const running = new Map<string, Entry<T>>();

  function begin(key: string, work: (signal: AbortSignal) => Promise<T>): Entry<T> {
    const stop = new AbortController();
    const entry = { result: work(stop.signal), waiting: 0, stop };
    running.set(key, entry);
    return entry;
  }

  return {
    async run(key, work, signal) {
      throwIfAborted(signal);
      const entry = running.get(key) ?? begin(key, work);
      entry.waiting += 1;
      try {
        return await orAborted(entry.result, signal);
      } finally {
        entry.waiting -= 1;
        if (entry.waiting === 0) {
          if (running.get(key) === entry) running.delete(key);
          entry.stop.abort();
        }
      }
    },
  };
}

interface Entry<T> {
  result: Promise<T>;
  waiting: number;
  stop: AbortController;
}
