import type { Engine } from "./engine.ts";
import { isEngineGone, toWsError } from "./errors.ts";
import { finalize, giveUp } from "./finalize.ts";
import { powerOff, powerOn, remove } from "./lifecycle.ts";
import type { Place, Runtime } from "./ports.ts";
import { withdraw } from "./provision.ts";
import { withoutOperation } from "./records.ts";
import { goOnUpdating } from "./update.ts";
import { enterPhase, type WorkspaceId, type WorkspaceRecord } from "./workspace.ts";

/** A place without a record may be one that another process is just making. */
const ORPHAN_AGE_MS = 600_000;

/**
 * Brings records and runtimes to agreement: finishes what a crash interrupted and sweeps what nobody has a record of.
 * Resolves once every record is true. What has to be started again, after a reboot for example, is then said to be
 * starting and goes on as its workspace's operation: nobody waits for the slowest script of all. Safe to repeat; a
 * runtime that does not answer is left for later.
 */
export async function reconcile(engine: Engine, runtimes: readonly Runtime[] = engine.runtimes): Promise<void> {
  await Promise.all(
    runtimes.map(async (runtime) => {
      try {
        await reconcileRuntime(engine, runtime);
      } catch (error) {
        if (!isEngineGone(error)) throw error;
        engine.log.warn("reconcile waits for the engine", { runtime: runtime.name, error });
      }
    }),
  );
}

async function reconcileRuntime(engine: Engine, runtime: Runtime): Promise<void> {
  const records = engine.store.list().filter((record) => record.runtime === runtime.name);
  const places = new Map((await runtime.list()).map((place) => [place.id, place]));
  await Promise.all(records.map((record) => untilTrue(engine, runtime, record)));
  await sweep(engine, runtime, places);
}

/** Resolves once the record is true; a start that follows keeps the workspace's turn until it is over. */
function untilTrue(engine: Engine, runtime: Runtime, { id, name }: WorkspaceRecord): Promise<void> {
  return new Promise((resolve) => {
    void engine.operations.run(id, "reconcile", async (signal) => {
      try {
        const goOn = await reconcileOne(engine, runtime, id, signal);
        const starting = goOn?.();
        resolve();
        await starting;
      } catch (error) {
        engine.log.warn("a workspace could not be reconciled", { workspace: name, error });
        resolve();
      }
    });
  });
}

type GoOn = (() => Promise<unknown>) | undefined;

/**
 * Looks at record and place again, because work queued before this may have changed both. Resolves to what is left to
 * do, which makes the record true as it begins.
 */
async function reconcileOne(engine: Engine, runtime: Runtime, id: WorkspaceId, signal: AbortSignal): Promise<GoOn> {
  const record = engine.store.get(id);
  if (record === undefined || record.phase === "cleaned_up") return undefined;
  const place = await runtime.find(id, signal);
  switch (record.operation?.kind) {
    case "create":
      await abandonCreate(engine, record);
      return undefined;
    case "delete":
      await remove(engine, id);
      return undefined;
    case "stop":
    case "look":
      await powerOff(engine, id, signal);
      return undefined;
    case "start":
    case "restart":
      return goingOn(engine, record, () => powerOn(engine, id, signal, { resume: true }), signal);
    case "update":
      await goOnUpdating(engine, id, signal);
      return agree(engine, runtime, engine.records.byId(id), place, signal);
    case "rename":
    case "finalize":
    case undefined:
      return goingOn(engine, record, await agree(engine, runtime, record, place, signal), signal);
  }
}

/** What was being finalized is brought to its end, on what has been started again for it. */
function goingOn(engine: Engine, { id, name, finalizing }: WorkspaceRecord, before: GoOn, signal: AbortSignal): GoOn {
  if (finalizing === undefined) return before;
  return async () => {
    const decision = { action: "finalize", workspace: { id, name }, reason: "the agent stopped during it" } as const;
    try {
      await before?.();
      await finalize(engine, id, finalizing, signal);
      engine.decisions.add({ ...decision, outcome: "done" });
    } catch (error) {
      if (engine.operations.closing || isEngineGone(error)) throw error;
      giveUp(engine, id, error);
      engine.decisions.add({ ...decision, outcome: "failed", holder: toWsError(error).message });
      throw error;
    }
  };
}

/** A create that was cut short is taken back whole: nobody has worked in it yet, and a retry begins clean. */
async function abandonCreate(engine: Engine, record: WorkspaceRecord): Promise<void> {
  await withdraw(engine, record.id);
  const step = record.operation?.step ?? "prepare";
  engine.records.change(record.id, (current) => ({
    ...enterPhase(withoutOperation(current), "error"),
    power: "stopped",
    failure: current.failure ?? {
      step,
      code: "interrupted",
      message: `The agent stopped during the step '${step}'.`,
      next: `Try again: ws start ${record.name}.`,
      at: engine.clock.now(),
    },
  }));
}

async function agree(
  engine: Engine,
  runtime: Runtime,
  record: WorkspaceRecord,
  place: Place | undefined,
  signal: AbortSignal,
): Promise<GoOn> {
  const { id, name } = record;
  if (record.phase === "error") {
    if (place !== undefined) await withdraw(engine, id);
    return undefined;
  }
  if (place !== undefined && place.name !== name) await runtime.rename(id, name, signal);
  if (record.operation !== undefined) engine.records.change(id, withoutOperation);
  if (place === undefined) {
    if (record.power === "running") await powerOff(engine, id, signal, "Its container is gone; its home is kept.");
    return undefined;
  }
  if (record.power === place.power) return undefined;
  if (record.power === "running") {
    engine.records.log(id, "agent", "The engine was restarted: starting again. Its terminals have ended.");
    engine.records.change(id, (current) => ({ ...current, stopReason: "engine_restarted" }));
    return () => powerOn(engine, id, signal, { resume: true });
  }
  engine.records.change(id, ({ stopReason: _reason, ...current }) => ({ ...current, power: "running" }));
  return undefined;
}

/**
 * Removes what a deleted workspace left behind, and what a failed create left here before it was tried again on another
 * runtime. A place that never had a record loses its place but keeps its home:
 * the state may have been restored from an older backup, and a home is somebody's work.
 */
async function sweep(engine: Engine, runtime: Runtime, places: ReadonlyMap<WorkspaceId, Place>): Promise<void> {
  const { store, log, clock } = engine;
  for (const [id, place] of places) {
    if (store.get(id) !== undefined || clock.now() - place.createdAt < ORPHAN_AGE_MS) continue;
    log.warn("removing a place that has no record; its home is kept", { id, name: place.name });
    await runtime.abandon(id);
  }
  const leftovers = new Set([...places.keys(), ...(await runtime.homes())]);
  for (const id of leftovers) {
    const record = store.get(id);
    if (record === undefined || (record.phase !== "cleaned_up" && record.runtime === runtime.name)) continue;
    log.info("removing the leftovers of a workspace that is not here", { id });
    await runtime.remove(id);
  }
  for (const id of await engine.git.prepared()) {
    // One without a record may be another worker's, or its home may still be somebody's work.
    const record = store.get(id);
    if (record?.phase === "cleaned_up" && record.runtime === runtime.name) await engine.git.release(id);
  }
}
