import type { Engine } from "./engine.ts";
import { stop } from "./lifecycle.ts";
import { statusOf } from "./workspace.ts";

const TICK_MS = 30_000;
/** How long a deleted workspace still answers for itself. */
const TOMBSTONE_MS = 30 * 86_400_000;

/**
 * Counts the TTL of running workspaces down and stops those whose time is over; nothing is ever deleted. Counted with
 * the monotonic clock and kept in the record: a jump of wall time, or time when the agent is away, ends nothing.
 */
export async function keepTime(engine: Engine, signal: AbortSignal): Promise<void> {
  const { clock } = engine;
  let last = clock.monotonic();
  while (!signal.aborted) {
    await clock.sleep(TICK_MS, signal).catch(() => undefined);
    if (signal.aborted) return;
    const now = clock.monotonic();
    // What cannot be written now, on a full disk for example, must not be the end of every TTL.
    await tick(engine, now - last).catch((error: unknown) => engine.log.warn("the TTLs could not be kept", { error }));
    last = now;
  }
}

async function tick(engine: Engine, elapsed: number): Promise<void> {
  const { store, records, operations, log, clock } = engine;
  for (const record of store.list()) {
    const { id, ttlMs, ttlRemainingMs } = record;
    if (ttlMs === undefined || statusOf(record) !== "running" || operations.busy(id)) continue;
    const left = (ttlRemainingMs ?? ttlMs) - elapsed;
    records.note(id, (current) => ({ ...current, ttlRemainingMs: Math.max(0, left) }));
    if (left > 0) continue;
    records.log(id, "agent", "Its TTL is over: stopping. Its home is kept.");
    await operations
      .run(id, "stop", (signal) => stop(engine, id, signal, "Its TTL was over."))
      .catch((error: unknown) => log.warn("could not stop at the TTL", { workspace: record.name, error }));
  }
  store.forget(clock.now() - TOMBSTONE_MS);
}
