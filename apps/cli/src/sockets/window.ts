/** How many bytes may be under way to one who acknowledges them. */
export interface Window {
  /** Waits until so many more may be under way; false once closed. */
  take: (bytes: number) => Promise<boolean>;
  release: (bytes: number) => void;
  close: () => void;
}

export function createWindow(limit: number): Window {
  let underWay = 0;
  let closed = false;
  let wake = (): void => undefined;
  return {
    async take(bytes) {
      while (!closed && underWay + bytes > limit) await new Promise<void>((resolve) => (wake = resolve));
      underWay += bytes;
      return !closed;
    },
    release(bytes) {
      underWay -= bytes;
      wake();
    },
    close() {
      closed = true;
      wake();
    },
  };
}
