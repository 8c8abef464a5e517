export interface Times {
  p50Ms: number;
  p99Ms: number;
}

/** Of so many milliseconds, in any order. */
export function timesOf(took: readonly number[]): Times {
  const sorted = took.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}
