import type { Engine } from "./engine.ts";
import { stop } from "./lifecycle.ts";
import { statusOf, type WorkspaceId } from "./workspace.ts";

const TICK_MS = 30_000;
/** How long a deleted workspace still answers for itself. */
const TOMBSTONE_MS = 30 * 86_400_000;

/**
 * Counts the TTL of running workspaces down and stops those whose time is over; nothing is ever deleted. Counted with
 * the monotonic clock and kept in the record: a jump of wall time, or time when the agent is away, ends nothing.
 */
export async function keepTime(engine: Engine, signal: AbortSignal): Promise<void> {
  const { clock, log, store } = engine;
  const unkept: Unkept = new Map();
  let last = clock.monotonic();
  while (!signal.aborted) {
    await clock.sleep(TICK_MS, signal).catch(() => undefined);
    if (signal.aborted) return;
    const now = clock.monotonic();
    const failures = await tick(engine, now - last, unkept);
    last = now;
    try {
      store.forget(clock.now() - TOMBSTONE_MS);
    } catch (error) {
      failures.push(error);
    }
    if (failures.length > 0) log.warn("the TTLs could not be kept", { error: failures[0], failures: failures.length });
  }
}

/** Time that ran and could not be written, on a full disk for example, and the remaining time that it is to be taken from. */
type Unkept = Map<WorkspaceId, { from: number; ms: number }>;

/** Returns what failed, which must not be the end of any other TTL. */
async function tick(engine: Engine, elapsed: number, unkept: Unkept): Promise<unknown[]> {
  const { store, records, operations, log } = engine;
  const failures: unknown[] = [];
  for (const record of store.list()) {
    const { id, ttlMs, ttlRemainingMs = ttlMs } = record;
    if (ttlRemainingMs === undefined || statusOf(record) !== "running" || operations.busy(id)) continue;
    const before = unkept.get(id);
    unkept.delete(id);
    // Another remaining time than then is that of a new start.
    const ms = elapsed + (before?.from === ttlRemainingMs ? before.ms : 0);
    const left = Math.max(0, ttlRemainingMs - ms);
    try {
      records.note(id, (current) => ({ ...current, ttlRemainingMs: left }));
      if (left > 0) continue;
      records.log(id, "agent", "Its TTL is over: stopping. Its home is kept.");
    } catch (error) {
      failures.push(error);
      unkept.set(id, { from: ttlRemainingMs, ms });
      if (left > 0) continue;
    }
    await operations
      .run(id, "stop", (signal) => stop(engine, id, signal, "Its TTL was over."))
      .catch((error: unknown) => log.warn("could not stop at the TTL", { workspace: record.name, error }));
  }
  return failures;
}
