/** News for many readers, each of whom may be slow. */
export interface CoalescingFeed<T> {
  emit(news: T): void;
  /** From now on, until the signal aborts. A slow reader gets the latest news under each key, not every one. */
  subscribe(signal: AbortSignal): AsyncGenerator<T>;
}

export function createCoalescingFeed<T>(keyOf: (news: T) => string): CoalescingFeed<T> {
  const subscribers = new Set<Subscriber<T>>();
  return {
    emit(news) {
      const key = keyOf(news);
      for (const subscriber of subscribers) subscriber.push(key, news);
    },
    subscribe(signal) {
      // Subscribed at the call and not at the first read, so that a snapshot taken in between misses nothing.
      const subscriber = new Subscriber<T>();
      subscribers.add(subscriber);
      const end = (): void => {
        subscribers.delete(subscriber);
        subscriber.end();
      };
      if (signal.aborted) end();
      signal.addEventListener("abort", end, { once: true });
      return subscriber.read(end);
    },
  };
}

class Subscriber<T> {
  #pending = new Map<string, T>();
  #wake: (() => void) | undefined;
  #ended = false;

  push(key: string, news: T): void {
    // Deleted first, so that the newer one also takes the later place.
    this.#pending.delete(key);
    this.#pending.set(key, news);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *read(onReturn: () => void): AsyncGenerator<T> {
    try {
      while (!this.#ended) {
        const [next] = this.#pending;
        if (next !== undefined) {
          this.#pending.delete(next[0]);
          yield next[1];
          continue;
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      onReturn();
    }
  }
}
