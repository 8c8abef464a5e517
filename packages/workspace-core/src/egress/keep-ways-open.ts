import { orAborted } from "../aborted.ts";
import type { Engine } from "../engine.ts";
import { statusOf, type WorkspaceId, type WorkspaceRecord } from "../workspace.ts";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Keeps a Box open to every running workspace whose only way out leads through it, until the signal aborts: what runs in there
 * goes on without anybody who would open one. Begins once it is known what still runs.
 */
export async function keepWaysOpen(engine: Engine, known: Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await orAborted(known, signal);
  } catch {
    return;
  }
  const keeping = new Map<WorkspaceId, Promise<void>>();
  const begin = ({ id }: WorkspaceRecord): void => {
    if (keeping.has(id)) return;
    keeping.set(
      id,
      keepOpen(engine, id, signal)
        .catch((error: unknown) => {
          if (!signal.aborted) engine.log.error("a way out is not kept open", { id, error });
        })
        .finally(() => keeping.delete(id)),
    );
  };
  const changes = engine.events.subscribe(signal);
  for (const record of engine.store.list()) if (isToKeep(record)) begin(record);
  for await (const change of changes) if (change.type === "changed" && isToKeep(change.record)) begin(change.record);
  await Promise.all(keeping.values());
}

async function keepOpen(engine: Engine, id: WorkspaceId, signal: AbortSignal): Promise<void> {
  const { boxes, clock, egress } = engine;
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    const record = engine.store.get(id);
    if (signal.aborted || record === undefined || !isToKeep(record)) return;
    const began = clock.monotonic();
    try {
      const box = await orAborted(boxes.open(record), signal);
      if (egress.isAttached(box)) await orAborted(box.closed, signal);
      else if (box.missing.includes("listen")) return;
      else await egress.attach(box, record, signal);
    } catch (error) {
      if (signal.aborted) return;
      engine.log.debug("a way out is not open yet", { workspace: record.name, error });
    }
    if (clock.monotonic() - began > LONGEST_PAUSE_MS) pause = FIRST_PAUSE_MS;
    await clock.sleep(pause, signal);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

/** While something is done to it, its Box is opened and closed by what does that. */
function isToKeep(record: WorkspaceRecord): boolean {
  return record.profile === "agent" && record.operation === undefined && statusOf(record) === "running";
}
