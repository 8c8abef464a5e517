import type { Engine } from "../engine.ts";
import { environmentOf } from "../process-environment.ts";
import { inTime } from "../time-limit.ts";
import { statusOf, type WorkspaceId, type WorkspaceRecord } from "../workspace.ts";
import { readUsage } from "./read-usage.ts";

/** A first look at the logs of months takes a while. */
const READ_MS = 60_000;
/** Nobody who stops a workspace waits for longer; what was not read then is read at the next start, or is lost with it. */
const LAST_MS = 5_000;

/** Reads what the coding tools in a running workspace have used; once at a time for each. */
export interface UsageReading {
  /** One that does not run has nothing new. Never rejects but with `aborted`; what cannot be read is logged. */
  read(id: WorkspaceId, signal: AbortSignal): Promise<void>;
}

export function createUsageReading(engine: Engine): UsageReading {
  const { log } = engine;
  const going = new Map<WorkspaceId, Promise<void>>();

  async function readNow(record: WorkspaceRecord, signal: AbortSignal): Promise<void> {
    const { id, name } = record;
    try {
      await readIn(engine, record, { ms: READ_MS, signal });
    } catch (error) {
      if (!signal.aborted) log.info("what coding tools used could not be read", { workspace: name, error });
    } finally {
      going.delete(id);
    }
  }

  return {
    async read(id, signal) {
      const record = engine.store.get(id);
      if (engine.usageLog === undefined || record === undefined || statusOf(record) !== "running") return;
      const reading = going.get(id) ?? readNow(record, signal);
      going.set(id, reading);
      await reading;
    },
  };
}

/** What was used until a workspace goes, while it can still be read. */
export async function readLastUsage(engine: Engine, id: WorkspaceId): Promise<void> {
  const record = engine.records.byId(id);
  if (engine.usageLog === undefined || statusOf(record) !== "running") return;
  try {
    await readIn(engine, record, { ms: LAST_MS });
  } catch (error) {
    engine.log.debug("what coding tools used at last could not be read", { workspace: record.name, error });
  }
}

/** Looks in from outside: that is no use of the workspace. */
async function readIn(
  engine: Engine,
  record: WorkspaceRecord,
  limit: { ms: number; signal?: AbortSignal },
): Promise<void> {
  const { usageLog: usage, boxes, clock, log } = engine;
  if (usage === undefined) return;
  const late = (): Error => new Error(`not done within ${limit.ms / 1000} s`);
  await inTime(clock, { ...limit, late }, async (signal) => {
    const box = await boxes.open(record);
    const env = await environmentOf(engine, record, box);
    await readUsage({ record, box, env, usage, now: clock.now, log, signal });
  });
}
