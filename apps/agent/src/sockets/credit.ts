/** How much may be under way to a client that acknowledges: sending waits for room. */
export interface Credit {
  /** Resolves true when there is room, false once closed. */
  room(): Promise<boolean>;
  spend(bytes: number): void;
  /** The client has taken so many bytes. */
  repay(bytes: number): void;
  close(): void;
  /** Milliseconds for which sending has waited; 0 while there is room. */
  waitedMs(): number;
}

export function createCredit(limit: number, now: () => number): Credit {
  let spent = 0;
  let closed = false;
  let waitingSince: number | undefined;
  const waiting: (() => void)[] = [];
  // Both outputs of a command may wait at once.
  const wake = (): void => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  return {
    async room() {
      while (!closed && spent >= limit) {
        waitingSince ??= now();
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      waitingSince = undefined;
      return !closed;
    },
    spend(bytes) {
      spent += bytes;
    },
    repay(bytes) {
      spent = Math.max(0, spent - bytes);
      wake();
    },
    close() {
      closed = true;
      wake();
    },
    waitedMs: () => (waitingSince === undefined ? 0 : now() - waitingSince),
  };
}
