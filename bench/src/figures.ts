/** What a series of samples comes to, in the unit they were measured in. */
export interface Figures {
  p50: number;
  p95: number;
  n: number;
}

/** Which end of a unit is the good one: milliseconds should be few, MB/s many. */
export type Better = "lower" | "higher";

/**
 * The median, and the value that 95 % of the samples are at least as good as: `p95` is the bad end of every unit.
 * Throws where there is no sample.
 */
export function figuresOf(samples: readonly number[], better: Better = "lower"): Figures {
  if (samples.length === 0) throw new Error("A measurement without samples has no figures.");
  const worsening = samples.toSorted((a, b) => (better === "lower" ? a - b : b - a));
  return { p50: percentile(worsening, 50), p95: percentile(worsening, 95), n: samples.length };
}

/** Between two samples the line that joins them, so that a small series does not jump to its worst one. */
function percentile(sorted: readonly number[], rank: number): number {
  const place = ((sorted.length - 1) * rank) / 100;
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}
