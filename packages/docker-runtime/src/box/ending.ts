/** One end that many wait for while they wait for something of their own. */
export interface Ending {
  readonly isOver: boolean;
  /** The first call counts. */
  end(): void;
  /** Called at the end, at once where it is past; the answer takes the listener back. */
  onEnd(listener: () => void): () => void;
  /** The work's outcome, or `ended` where the end comes first. */
  until<T>(work: Promise<T>): Promise<{ value: T } | "ended">;
}

/** Not `Promise.race` with one long-lived promise: that keeps every outcome alive for as long as the promise is. */
export function createEnding(): Ending {
  const listeners = new Set<() => void>();
  let isOver = false;

  function onEnd(listener: () => void): () => void {
    if (isOver) listener();
    else listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  return {
    get isOver() {
      return isOver;
    },
    end() {
      if (isOver) return;
      isOver = true;
      for (const listener of listeners) listener();
      listeners.clear();
    },
    onEnd,
    until: (work) =>
      new Promise((resolve, reject) => {
        const forget = onEnd(() => resolve("ended"));
        work.then(
          (value) => {
            forget();
            resolve({ value });
          },
          (error: Error) => {
            forget();
            reject(error);
          },
        );
      }),
  };
}
