import type { Clock, PlaceUsage } from "../ports.ts";
import type { WorkspaceId, WorkspaceRecord } from "../workspace.ts";

/** What one running workspace uses; what its runtime cannot tell is absent. */
export interface WorkspaceUsage {
  id: WorkspaceId;
  /** Since the reading before, 100 for each CPU that was busy all the time; absent in the first. */
  cpuPercent?: number;
  memoryBytes?: number;
  /** Where it has one of its own. */
  memoryLimitBytes?: number;
  /** Each thread counts, as it does for a limit. */
  processes?: number;
  /** When it was read: milliseconds since the epoch. */
  at: number;
}

/** What was last read of each place. */
export interface Readings {
  take(usage: PlaceUsage): void;
  /** Of these, as far as it is known and not too old; everything about others is forgotten. */
  of(records: readonly WorkspaceRecord[]): WorkspaceUsage[];
}

/** Longer, and it says nothing about now. */
const KEPT_MS = 10_000;

export function createReadings(clock: Pick<Clock, "now" | "monotonic">): Readings {
  const latest = new Map<WorkspaceId, { usage: WorkspaceUsage; cpu: PlaceUsage["cpu"]; readAt: number }>();
  return {
    take({ id, cpu, ...rest }) {
      const cpuPercent = shareOf(latest.get(id)?.cpu, cpu);
      const usage = { id, ...(cpuPercent === undefined ? {} : { cpuPercent }), ...rest, at: clock.now() };
      latest.set(id, { usage, cpu, readAt: clock.monotonic() });
    },
    of(records) {
      const known = new Set(records.map(({ id }) => id));
      for (const id of latest.keys()) if (!known.has(id)) latest.delete(id);
      return records.flatMap(({ id, limits }) => {
        const found = latest.get(id);
        if (found === undefined || clock.monotonic() - found.readAt > KEPT_MS) return [];
        const { memoryBytes: memoryLimitBytes } = limits;
        return [{ ...found.usage, ...(memoryLimitBytes === undefined ? {} : { memoryLimitBytes }) }];
      });
    },
  };
}

/** Percent of one CPU, with one decimal; nothing where there are no two readings since one beginning. */
function shareOf(before: PlaceUsage["cpu"], now: PlaceUsage["cpu"]): number | undefined {
  if (before === undefined || now === undefined) return undefined;
  const elapsed = now.atMs - before.atMs;
  if (elapsed <= 0 || now.usedMs < before.usedMs) return undefined;
  return Math.round((1_000 * (now.usedMs - before.usedMs)) / elapsed) / 10;
}
