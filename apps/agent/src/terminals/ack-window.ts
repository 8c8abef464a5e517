export interface AckWindow {
  /** The client has taken all up to this offset. */
  ack(offset: number): void;
  sent(offset: number): void;
  /** Begins anew at an offset, with nothing under way. */
  restart(offset: number): void;
  /** Resolves when more may be sent; says for how many milliseconds the client took nothing meanwhile. */
  room(signal: AbortSignal): Promise<number>;
}

/** Holds the sender back while more than `limit` bytes are under way. Without acknowledgements the limit is Infinity. */
export function createAckWindow(limit: number, now: () => number): AckWindow {
  let sent = 0;
  let acked = 0;
  let wake: (() => void) | undefined;

  return {
    ack(offset) {
      if (offset <= acked || offset > sent) return;
      acked = offset;
      wake?.();
    },
    sent(offset) {
      sent = offset;
    },
    restart(offset) {
      sent = offset;
      acked = offset;
    },
    async room(signal) {
      if (sent - acked < limit) return 0;
      const since = now();
      while (sent - acked >= limit && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
      }
      return now() - since;
    },
  };
}
