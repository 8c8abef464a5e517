import type { UsageHistoryResult, UsagePoint } from "@ws/rpc-contract";

export type Span = "hour" | "day";

/** What a chart draws: for each instant, in seconds since the epoch, a value or nothing. */
export interface Line {
  at: number[];
  mean: (number | null)[];
  /** Only of a day, whose points stand for several minutes. */
  peak: (number | null)[] | undefined;
}

interface Measure {
  mean: "cpuPercent" | "memoryBytes" | "processes" | "diskBytes";
  peak?: "cpuPeakPercent" | "memoryPeakBytes" | "processesPeak";
}

export const MEASURES = {
  cpu: { mean: "cpuPercent", peak: "cpuPeakPercent" },
  memory: { mean: "memoryBytes", peak: "memoryPeakBytes" },
  processes: { mean: "processes", peak: "processesPeak" },
  disk: { mean: "diskBytes" },
} satisfies Record<string, Measure>;

export const SPAN_SECONDS: Readonly<Record<Span, number>> = { hour: 3_600, day: 86_400 };

/** What was told since the history was asked for goes on behind it, where it was measured often enough to say so. */
export function withLive(history: UsageHistoryResult, live: readonly UsagePoint[]): readonly UsagePoint[] {
  const last = history.points.at(-1)?.at ?? "";
  return [...history.points, ...live.filter(({ at }) => at > last)];
}

/** One measure of the points. Where nothing was measured for long, the line is broken. */
export function lineOf(
  points: readonly UsagePoint[],
  { mean, peak }: Measure,
  { gapSeconds }: Pick<UsageHistoryResult, "gapSeconds">,
): Line {
  const line: Line = { at: [], mean: [], peak: peak === undefined ? undefined : [] };
  let before: number | undefined;
  for (const point of points) {
    const at = Date.parse(point.at) / 1_000;
    if (before !== undefined && at - before > gapSeconds) add((before + at) / 2, null, null);
    add(at, point[mean] ?? null, (peak === undefined ? undefined : point[peak]) ?? null);
    before = at;
  }
  return line;

  function add(at: number, value: number | null, most: number | null): void {
    line.at.push(at);
    line.mean.push(value);
    line.peak?.push(most);
  }
}

/** Where the workspace, or the agent, did not run in between. */
export function gapsOf(points: readonly UsagePoint[], gapSeconds: number): number {
  return points.filter((point, index) => {
    const before = points[index - 1];
    return before !== undefined && Date.parse(point.at) - Date.parse(before.at) > gapSeconds * 1_000;
  }).length;
}

export interface Summary {
  last: number;
  mean: number;
  peak: number;
}

/** Undefined where nothing of it was measured. */
export function summaryOf({ mean, peak }: Line): Summary | undefined {
  const known = mean.filter((value) => value !== null);
  const last = known.at(-1);
  if (last === undefined) return undefined;
  const highest = [...known, ...(peak ?? []).filter((value) => value !== null)].reduce((a, b) => Math.max(a, b));
  return { last, mean: known.reduce((sum, value) => sum + value, 0) / known.length, peak: highest };
}

/** Up to where a chart reaches: what was measured with some room, and the limit where it is not far above that. */
export function ceilingOf({ peak = 0, limit, least }: { peak?: number; limit?: number; least: number }): number {
  const room = Math.max(peak * 1.15, least);
  return limit !== undefined && limit <= Math.max(room, peak * 4) ? Math.max(room, limit * 1.08) : room;
}
