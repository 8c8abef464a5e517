export interface AckWindow {
  /** The client has taken all up to this offset. */
  ack(offset: number): void;
  sent(offset: number): void;
  /** Begins anew at an offset, with nothing under way. */
  restart(offset: number): void;
  /** Resolves when more may be sent; says for how many milliseconds the client took nothing meanwhile. */
  room(): Promise<number>;
}

/**
 * Holds the sender back while more than `limit` bytes are under way, until the client is gone. Without
 * acknowledgements the limit is Infinity.
 */
export function createAckWindow(limit: number, now: () => number, gone: AbortSignal): AckWindow {
  let sent = 0;
  let acked = 0;
  let wake: (() => void) | undefined;
  // One listener, because a long session waits a million times.
  gone.addEventListener("abort", () => wake?.(), { once: true });

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
    async room() {
      if (sent - acked < limit) return 0;
      const since = now();
      while (sent - acked >= limit && !gone.aborted) await new Promise<void>((resolve) => (wake = resolve));
      return now() - since;
    },
  };
}
