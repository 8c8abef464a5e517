import { orAborted } from "./aborted.ts";
import type { Engine } from "./engine.ts";
import { isWsError, WsError } from "./errors.ts";
import type { Box } from "./ports.ts";
import { reasonOf } from "./reasons.ts";
import { statusOf, type WorkspaceRecord } from "./workspace.ts";

export async function openRunning(
  engine: Engine,
  name: string,
  signal?: AbortSignal,
): Promise<{ box: Box; record: WorkspaceRecord }> {
  const record = await whenStarted(engine, engine.records.get(name), signal);
  markUsed(engine, record);
  engine.uses.mark(record.id);
  const box = await orAborted(engine.boxes.open(record), signal).catch(async (error: unknown) => {
    throw await reasonOf(engine, record, error);
  });
  return { box, record };
}

/** What is being started again is waited for: a terminal comes back after a restart, a command follows a reboot. */
async function whenStarted(engine: Engine, record: WorkspaceRecord, signal?: AbortSignal): Promise<WorkspaceRecord> {
  const kind = record.operation?.kind;
  if (statusOf(record) !== "stopped" || (kind !== "start" && kind !== "restart")) return requireRunning(record);
  await orAborted(engine.operations.idle(record.id), signal);
  const { phase, name } = engine.records.byId(record.id);
  if (phase === "cleaned_up") engine.records.missing(name);
  return requireRunning(engine.records.byId(record.id));
}

function requireRunning(record: WorkspaceRecord): WorkspaceRecord {
  const status = statusOf(record);
  if (status === "running") return record;
  const { name } = record;
  const { why, next } = {
    creating: { why: "it is being created", next: `Wait until it is ready: ws info ${name}.` },
    stopped: { why: "it is stopped", next: `Start it: ws start ${name}.` },
    error: { why: "its last start failed", next: `See why with 'ws info ${name}', then try again: ws start ${name}.` },
  }[status];
  throw new WsError("workspace_not_running", {
    message: `'${name}' is not running: ${why}.`,
    next,
    data: { name, status },
  });
}

/** Once a minute is often enough for a list sorted by last use, and spares a write per command. */
const USE_GRANULARITY_MS = 60_000;

function markUsed(engine: Engine, record: WorkspaceRecord): void {
  const now = engine.clock.now();
  if (now - record.lastUsedAt < USE_GRANULARITY_MS) return;
  try {
    engine.records.change(record.id, (current) => ({ ...current, lastUsedAt: now }));
  } catch (error) {
    // Whoever frees space does it with commands.
    if (!isWsError(error, "disk_full")) throw error;
  }
}
