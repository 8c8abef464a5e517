import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { WorkspaceId } from "@ws/workspace-core";
import { transact, unsynced } from "../store/database.ts";

/** What one running workspace used at an instant; what was not known is absent. Times are milliseconds since the epoch. */
export interface UsageSample {
  id: WorkspaceId;
  at: number;
  cpuPercent?: number;
  memoryBytes?: number;
  processes?: number;
  diskBytes?: number;
}

/** The mean of a span that begins at `at`, and the most that was measured in it; of one sample both are the same. */
export interface UsagePoint extends Omit<UsageSample, "id"> {
  cpuPeakPercent?: number;
  memoryPeakBytes?: number;
  processesPeak?: number;
}

/** Each sample of the last hour, and of the last day what each five minutes of it came to. */
export interface UsageHistoryStore {
  /** Writes them without waiting for the disk, brings what they belong to up to date, and forgets what is older. */
  append(samples: readonly UsageSample[], now: number): void;
  /** Oldest first. */
  hour(id: WorkspaceId, now: number): UsagePoint[];
  day(id: WorkspaceId, now: number): UsagePoint[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What one point of a day stands for. */
export const SPAN_MS = 300_000;
/** What lies further ahead was written before a clock was set back. */
const AHEAD_MS = SPAN_MS;

export function createUsageHistoryStore(db: DatabaseSync): UsageHistoryStore {
  const put = db.prepare(
    "INSERT OR REPLACE INTO resource_samples (workspace, at, cpu, memory, processes, disk) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const sumUp = db.prepare(
    `INSERT OR REPLACE INTO resource_spans
       SELECT workspace, at / ${SPAN_MS} * ${SPAN_MS} AS span, avg(cpu), max(cpu), avg(memory), max(memory),
         avg(processes), max(processes), max(disk)
       FROM resource_samples WHERE workspace = ? AND at >= ? GROUP BY span`,
  );
  const forget = (["samples", "spans"] as const).map((table) =>
    db.prepare(`DELETE FROM resource_${table} WHERE at < ? OR at > ?`),
  );
  const samples = db.prepare(
    `SELECT at, cpu AS cpuPercent, memory AS memoryBytes, processes, disk AS diskBytes
     FROM resource_samples WHERE workspace = ? AND at > ? ORDER BY at`,
  );
  const spans = db.prepare(
    `SELECT at, cpu AS cpuPercent, cpu_peak AS cpuPeakPercent, memory AS memoryBytes, memory_peak AS memoryPeakBytes,
       processes, processes_peak AS processesPeak, disk AS diskBytes
     FROM resource_spans WHERE workspace = ? AND at > ? ORDER BY at`,
  );

  return {
    append(given, now) {
      const from = new Map<WorkspaceId, number>();
      unsynced(db, () =>
        transact(db, () => {
          for (const { id, at, cpuPercent, memoryBytes, processes, diskBytes } of given) {
            put.run(id, at, cpuPercent ?? null, memoryBytes ?? null, processes ?? null, diskBytes ?? null);
            from.set(id, Math.min(from.get(id) ?? at, at));
          }
          for (const [id, at] of from) sumUp.run(id, Math.floor(at / SPAN_MS) * SPAN_MS);
          // A span that has just begun to go out of the hour was summed up while it was whole.
          [HOUR_MS + SPAN_MS, DAY_MS + SPAN_MS].forEach((kept, at) => forget[at]?.run(now - kept, now + AHEAD_MS));
        }),
      );
    },
    hour: (id, now) => samples.all(id, now - HOUR_MS).map(asPoint),
    day: (id, now) => spans.all(id, now - DAY_MS).map(asPoint),
  };
}

/** Means have no more digits than what was measured. */
function asPoint(row: Record<string, SQLOutputValue>): UsagePoint {
  const known = Object.entries(row).flatMap(([key, value]) =>
    value === null
      ? []
      : [[key, key.startsWith("cpu") ? Math.round(Number(value) * 10) / 10 : Math.round(Number(value))]],
  );
  return Object.fromEntries(known) as UsagePoint;
}
