/** How long typed bytes take to the terminal and back, in milliseconds, smoothed; undefined before the first came. */
export interface RoundTrip {
  typed(end: number): void;
  taken(offset: number): void;
  ms(): number | undefined;
  /** What is under way is no measure any longer. */
  reset(): void;
}

export function createRoundTrip(now: () => number): RoundTrip {
  let waiting: { end: number; at: number }[] = [];
  let smoothed: number | undefined;
  return {
    typed(end) {
      // One measure at a time is enough, and a stalled link keeps nothing.
      if (waiting.length < 64) waiting.push({ end, at: now() });
    },
    taken(offset) {
      const done = waiting.filter(({ end }) => end <= offset);
      waiting = waiting.filter(({ end }) => end > offset);
      for (const { at } of done) {
        const sample = now() - at;
        smoothed = smoothed === undefined ? sample : smoothed + (sample - smoothed) / 8;
      }
    },
    ms: () => smoothed,
    reset: () => void (waiting = []),
  };
}
