import { stop } from "./lifecycle.ts";
import type { Engine } from "./engine.ts";
import { goesOn } from "./goes-on.ts";
import type { Box } from "./ports.ts";
import { inTime } from "./time-limit.ts";
import type { WorkspaceId, WorkspaceRecord } from "./workspace.ts";

const MEASURE_EVERY_MS = 600_000;
/** A home with very many files; what takes longer is measured another time. */
const VISIT_MS = 120_000;
/** How soon it is asked again whether something still goes on. */
const ASK_AGAIN_MS = 300_000;
const GROUP = "measure";

export interface Upkeep {
  /** Visits these running workspaces one after the other, unless a visit still goes on. */
  begin(records: readonly WorkspaceRecord[]): void;
  /** Resolves once no visit goes on. */
  settled(): Promise<void>;
}

/** Looks after running workspaces now and then: how much disk they take, and whether they are only idle. */
export function createUpkeep(engine: Engine, signal: AbortSignal): Upkeep {
  const { clock, log } = engine;
  const measured = new Map<WorkspaceId, number>();
  let visiting: Promise<void> | undefined;

  async function visitAll(records: readonly WorkspaceRecord[]): Promise<void> {
    for (const record of records) {
      if (signal.aborted) return;
      const late = (): Error => new Error(`not done within ${VISIT_MS / 1_000} s`);
      await inTime(clock, { ms: VISIT_MS, signal, late }, (ending) => visit(record, ending)).catch((error: unknown) => {
        if (!signal.aborted) log.debug("a workspace was not looked after", { workspace: record.name, error });
      });
    }
  }

  async function visit(record: WorkspaceRecord, ending: AbortSignal): Promise<void> {
    const now = clock.monotonic();
    const box = engine.boxes.opened(record.id);
    // Only through a channel that is open anyhow: hundreds that nobody uses must not each get one for it.
    if (box !== undefined && now - (measured.get(record.id) ?? -Infinity) >= MEASURE_EVERY_MS) {
      measured.set(record.id, now);
      const diskBytes = await measure(box, record, ending);
      if (diskBytes !== undefined && diskBytes !== record.diskBytes) {
        engine.records.change(record.id, (current) => ({ ...current, diskBytes }));
      }
    }
    await stopIdle(engine, record, ending);
  }

  return {
    begin(records) {
      visiting ??= visitAll(records).finally(() => (visiting = undefined));
    },
    async settled() {
      await visiting;
    },
  };
}

/** Bytes that its home and its repository take. */
async function measure(box: Box, { directory }: WorkspaceRecord, signal: AbortSignal): Promise<number | undefined> {
  const places = directory === undefined ? [box.home] : [box.home, directory];
  const process = await box.run(["nice", "-n", "19", "du", "-skxc", "--", ...places], { group: GROUP, signal });
  let text = "";
  for await (const bytes of process.stdout) text = (text + new TextDecoder().decode(bytes)).slice(-1_000);
  // It ends with an error where it may not read everything, and tells the rest all the same.
  await process.exit;
  const kibibytes = /^(\d+)\s+total$/m.exec(text)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1_024;
}

/** Stops a workspace that may idle for so long and has, and in which no program goes on. */
async function stopIdle(engine: Engine, record: WorkspaceRecord, signal: AbortSignal): Promise<void> {
  const { id, name, idleMs } = record;
  const { clock, uses, operations, records, decisions } = engine;
  if (idleMs === undefined || uses.idleFor(id) < idleMs || operations.busy(id)) return;
  const programs = await goesOn(await engine.boxes.open(record), signal);
  if (programs.length > 0) {
    uses.mark(id, clock.monotonic() - idleMs + Math.min(idleMs, ASK_AGAIN_MS));
    return;
  }
  await operations.run(id, "stop", async (own) => {
    // Somebody may have begun to use it meanwhile.
    if (uses.idleFor(id) < idleMs || records.byId(id).phase === "cleaned_up") return;
    records.log(id, "agent", "Nothing went on in it: stopping. Its home is kept.");
    await stop(engine, id, own, "It was idle.");
    decisions.add({ action: "stop", workspace: { id, name }, outcome: "done", reason: "it was idle" });
  });
}
