import type { Clock } from "@ws/workspace-core";

/** Counts wrong tokens per peer. */
export interface Throttle {
  /** Seconds the peer has to wait; 0 where it may go on. */
  wait(peer: string): number;
  fail(peer: string): void;
}

const FREE = 10;
const REFILL_MS = 30_000;
const PEERS = 10_000;

/** Ten wrong tokens at once, then one per half minute, for each peer by itself. */
export function createThrottle(clock: Pick<Clock, "monotonic">): Throttle {
  const buckets = new Map<string, { failures: number; since: number }>();

  /** Failures left after those that time has forgiven. */
  function current(peer: string): number {
    const bucket = buckets.get(peer);
    if (bucket === undefined) return 0;
    return Math.max(0, bucket.failures - (clock.monotonic() - bucket.since) / REFILL_MS);
  }

  return {
    wait(peer) {
      const over = current(peer) - (FREE - 1);
      return over <= 0 ? 0 : Math.ceil((over * REFILL_MS) / 1_000);
    },
    fail(peer) {
      const failures = current(peer) + 1;
      buckets.delete(peer);
      buckets.set(peer, { failures: Math.min(failures, FREE), since: clock.monotonic() });
      // The map keeps insertion order: the first is the one whose last failure is longest ago.
      const [oldest] = buckets.keys();
      if (buckets.size > PEERS && oldest !== undefined) buckets.delete(oldest);
    },
  };
}
