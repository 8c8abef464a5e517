import { cleanUp } from "./cleanup.ts";
import type { Engine } from "./engine.ts";
import { stop } from "./lifecycle.ts";
import { createUpkeep } from "./upkeep.ts";
import { statusOf, type WorkspaceRecord } from "./workspace.ts";

const TICK_MS = 30_000;
/** How long a deleted workspace still answers for itself. */
const TOMBSTONE_MS = 30 * 86_400_000;

/**
 * Counts the TTL of running workspaces down and stops those whose time is over; only what may be cleaned up by itself and
 * holds nothing of its own is removed. Counted with
 * the monotonic clock and kept in the record: a jump of wall time, or time when the agent is away, ends nothing.
 */
export async function keepTime(engine: Engine, signal: AbortSignal): Promise<void> {
  const { clock, log, store } = engine;
  const upkeep = createUpkeep(engine, signal);
  let last = clock.monotonic();
  while (!signal.aborted) {
    await clock.sleep(TICK_MS, signal).catch(() => undefined);
    if (signal.aborted) return upkeep.settled();
    const now = clock.monotonic();
    const failures = await tick(engine, now - last);
    last = now;
    upkeep.begin(store.list().filter(isRunning));
    try {
      store.forget(clock.now() - TOMBSTONE_MS);
    } catch (error) {
      failures.push(error);
    }
    if (failures.length > 0) log.warn("the TTLs could not be kept", { error: failures[0], failures: failures.length });
  }
}

/** Returns what failed, which must not be the end of any other TTL. */
async function tick(engine: Engine, elapsed: number): Promise<unknown[]> {
  const { store, records, operations, log, unkept } = engine;
  const failures: unknown[] = [];
  for (const id of unkept.keys()) if (!isRunning(store.get(id))) unkept.delete(id);
  for (const { id } of store.list()) {
    // Not as it was before another one was stopped, which takes a while.
    const record = store.get(id);
    if (!isRunning(record) || operations.busy(id)) continue;
    const { ttlMs, ttlRemainingMs = ttlMs } = record;
    if (ttlRemainingMs === undefined) continue;
    const ms = elapsed + (unkept.get(id) ?? 0);
    const left = Math.max(0, ttlRemainingMs - ms);
    try {
      records.note(id, (current) => ({ ...current, ttlRemainingMs: left }));
      unkept.delete(id);
      if (left > 0) continue;
      records.log(
        id,
        "agent",
        record.autoCleanup === true ? "Its TTL is over." : "Its TTL is over: stopping. Its home is kept.",
      );
    } catch (error) {
      failures.push(error);
      unkept.set(id, ms);
      if (left > 0) continue;
    }
    await operations
      .run(id, "stop", (signal) => end(engine, record, signal))
      .catch((error: unknown) => log.warn("could not stop at the TTL", { workspace: record.name, error }));
  }
  return failures;
}

const OVER = "its TTL was over";

/** Removes what may be removed and holds nothing of its own; everything else only stops. */
async function end(engine: Engine, { id, name, autoCleanup }: WorkspaceRecord, signal: AbortSignal): Promise<void> {
  if (autoCleanup === true && !(await cleanUp(engine, id, { reason: OVER, signal })).kept) return;
  await stop(engine, id, signal, "Its TTL was over.");
  engine.decisions.add({ action: "stop", workspace: { id, name }, outcome: "done", reason: OVER });
}

function isRunning(record: WorkspaceRecord | undefined): record is WorkspaceRecord {
  return record !== undefined && statusOf(record) === "running";
}
