const FAST_MS = 120_000;
const CAP_MS = 6_000;

/**
 * How long to wait before the next attempt, in milliseconds: at once at first, about a second for two minutes,
 * then slower up to six seconds, for ever. Jittered, so that a thousand clients do not return in one instant.
 */
export function retryDelay(attempt: number, elapsedMs: number, random: () => number): number {
  if (attempt === 0) return 50 + random() * 250;
  if (elapsedMs < FAST_MS) return 500 + random() * 1000;
  const ceiling = Math.min(CAP_MS, 1000 * 2 ** ((elapsedMs - FAST_MS) / 30_000));
  return ceiling * (0.5 + random() / 2);
}
