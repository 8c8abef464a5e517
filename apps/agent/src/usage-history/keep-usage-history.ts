import type { Clock, Log, WorkspaceId, Workspaces } from "@ws/workspace-core";
import { SPAN_MS, type UsageHistoryStore, type UsagePoint, type UsageSample } from "./usage-history-store.ts";

export interface History {
  /** Oldest first; what a workspace used while it did not run, or the agent, is not there. */
  points: UsagePoint[];
  /** About how far two points lie apart. */
  everyMs: number;
  /** Between two that lie further apart nothing was measured. */
  gapMs: number;
}

/** What workspaces used, also while nobody looked. */
export interface UsageHistory {
  of(id: WorkspaceId, span: "hour" | "day"): History;
}

const EVERY_MS = 10_000;
/** One reading of one container costs an engine and the agent 5 ms of a core: with many it is read less often, and all together stay below a percent. */
const EACH_MS = 600;
const SELDOM_MS = 60_000;
/** What is lost where the agent is killed. */
const WRITE_EVERY_MS = 60_000;
/** What cannot be written for long, on a full disk, is not kept for ever. */
const MOST_WAITING = 20_000;

/** Reads what all running workspaces use from the moment they are there until the agent ends, and writes it down once a minute. */
export function keepUsageHistory(options: {
  workspaces: () => Promise<Pick<Workspaces, "sampleUsage" | "find">>;
  store: UsageHistoryStore;
  clock: Clock;
  log: Log;
  /** The agent's own end, until which the store is open. */
  closing: AbortSignal;
}): UsageHistory {
  const { store, clock, log, closing } = options;
  const lastAt = new Map<WorkspaceId, number>();
  let waiting: UsageSample[] = [];
  let everyMs = EVERY_MS;

  const pace = (running: number): number => (everyMs = Math.min(Math.max(EVERY_MS, running * EACH_MS), SELDOM_MS));

  async function goOn(): Promise<void> {
    const { sampleUsage, find } = await options.workspaces();
    let written = clock.monotonic();
    for await (const readings of sampleUsage(closing, pace)) {
      for (const { memoryLimitBytes: _limit, ...reading } of readings) {
        // A runtime that did not answer is told of as it was before.
        if (lastAt.get(reading.id) === reading.at) continue;
        lastAt.set(reading.id, reading.at);
        const diskBytes = find(reading.id)?.diskBytes;
        waiting.push({ ...reading, ...(diskBytes === undefined ? {} : { diskBytes }) });
      }
      if (clock.monotonic() - written < WRITE_EVERY_MS) continue;
      written = clock.monotonic();
      const running = new Set(readings.map(({ id }) => id));
      for (const id of lastAt.keys()) if (!running.has(id)) lastAt.delete(id);
      write();
    }
  }

  function write(): void {
    if (waiting.length === 0) return;
    try {
      store.append(waiting, clock.now());
      waiting = [];
    } catch (error) {
      log.debug("what workspaces use could not be written down", { error });
      waiting = waiting.slice(-MOST_WAITING);
    }
  }

  closing.addEventListener("abort", write, { once: true });
  goOn().catch((error: unknown) => {
    if (!closing.aborted) log.warn("what workspaces use is not kept", { error });
  });

  return {
    of(id, span) {
      const now = clock.now();
      if (span === "day") {
        // The means of its last minutes are made of what is written.
        write();
        return { points: store.day(id, now), everyMs: SPAN_MS, gapMs: 2.5 * SPAN_MS };
      }
      const unwritten = waiting.filter((sample) => sample.id === id).map(({ id: _id, ...point }) => point);
      return { points: [...store.hour(id, now), ...unwritten], everyMs, gapMs: 2.5 * everyMs };
    },
  };
}
