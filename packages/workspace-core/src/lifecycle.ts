import { placeOf, type Engine } from "./engine.ts";
import { isWsError, WsError } from "./errors.ts";
import { parseName } from "./names.ts";
import { provision, repositoryOf } from "./provision.ts";
import { failureOf, withoutOperation } from "./records.ts";
import { runScripts } from "./scripts.ts";
import { pendingSteps, stepRunner } from "./steps.ts";
import {
  enterPhase,
  statusOf,
  type OperationKind,
  type Repository,
  type WorkspaceId,
  type WorkspaceRecord,
} from "./workspace.ts";

export interface StartOptions {
  clone?: string;
  env?: Record<string, string>;
}

/** Starts a stopped workspace, tries a failed one again from the beginning, and leaves a running one as it is. */
export async function start(
  engine: Engine,
  id: WorkspaceId,
  options: StartOptions,
  signal: AbortSignal,
): Promise<WorkspaceRecord> {
  const { records } = engine;
  const current = records.byId(id);
  const repository = agreeOnRepository(engine, current, options.clone);
  if (options.env !== undefined) {
    records.change(id, (record) => ({ ...record, env: { ...record.env, ...options.env } }));
  }
  if (current.phase === "error" || current.phase === "provisioning") {
    begin(engine, id, "create", (record) => ({
      ...enterPhase(record, "provisioning"),
      startup: pendingSteps(["prepare", "create", "start", "connect", "clone", "scripts"]),
      ...(repository === undefined ? {} : { repository }),
    }));
    return provision(engine, id, signal);
  }
  if (statusOf(current) === "running") return records.byId(id);
  return powerOn(engine, id, signal);
}

export async function stop(
  engine: Engine,
  id: WorkspaceId,
  signal: AbortSignal,
  reason?: string,
): Promise<WorkspaceRecord> {
  const record = engine.records.byId(id);
  if (statusOf(record) !== "running") return record;
  begin(engine, id, "stop");
  return powerOff(engine, id, signal, reason);
}

export async function restart(engine: Engine, id: WorkspaceId, signal: AbortSignal): Promise<WorkspaceRecord> {
  const { records } = engine;
  if (statusOf(records.byId(id)) !== "running") return start(engine, id, {}, signal);
  begin(engine, id, "restart");
  try {
    await halt(engine, id, signal);
  } catch (error) {
    records.change(id, withoutOperation);
    throw error;
  }
  return powerOn(engine, id, signal, { kind: "restart", resume: true });
}

export async function rename(
  engine: Engine,
  id: WorkspaceId,
  newName: string,
  signal: AbortSignal,
): Promise<WorkspaceRecord> {
  const { records } = engine;
  const { name, runtime } = records.byId(id);
  parseName(newName);
  if (newName === name) return records.byId(id);
  // The store's name is the truth and is claimed first; reconcile carries it to the engine after a crash.
  begin(engine, id, "rename", (record) => ({ ...record, name: newName }));
  try {
    await engine.runtime(runtime).rename(id, newName, signal);
  } catch (error) {
    records.change(id, (record) => ({ ...withoutOperation(record), name }));
    throw error;
  }
  return records.change(id, withoutOperation);
}

/** Once this has begun it is finished, by `reconcile` where it was interrupted. */
export async function remove(engine: Engine, id: WorkspaceId): Promise<void> {
  const { records } = engine;
  const { runtime } = records.byId(id);
  begin(engine, id, "delete");
  await engine.boxes.drop(id);
  await engine.runtime(runtime).remove(id);
  records.remove(id);
}

/**
 * Starts the place and everything in it; a failure leaves the workspace stopped, saying why. With `resume`, what was
 * running before is started again, and where the engine goes away the record says so still, for when it is back.
 * Synchronous until the record says that it is stopped and being started.
 */
export async function powerOn(
  engine: Engine,
  id: WorkspaceId,
  signal: AbortSignal,
  { kind = "start", resume = false }: { kind?: "start" | "restart"; resume?: boolean } = {},
): Promise<WorkspaceRecord> {
  const { records, boxes, clock } = engine;
  begin(engine, id, kind, (current) => ({
    ...current,
    power: "stopped",
    startup: pendingSteps(["prepare", "start", "connect", "scripts"]),
  }));
  const record = records.byId(id);
  const runtime = engine.runtime(record.runtime);
  const step = stepRunner(engine, id, signal);
  const { image } = record;
  try {
    await step("prepare", (report) => runtime.prepare({ report, signal, ...(image === undefined ? {} : { image }) }));
    await step("start", async () => {
      // The home is kept where the place itself was removed behind our back; creating what exists changes nothing.
      const { handle } = await runtime.create(placeOf(record), signal);
      records.change(id, (current) => ({ ...current, handle }));
      await runtime.start(placeOf(record), signal);
    });
    const box = await step("connect", () => boxes.open(record));
    await step("scripts", (report) => runScripts(engine, records.byId(id), box, { report, signal }));
  } catch (error) {
    // Cut short by our own going away: the operation stays in the record, and the next agent goes on with it.
    if (engine.operations.closing) throw error;
    await halt(engine, id).catch((cause: unknown) => {
      engine.log.warn("could not stop after a failed start", { workspace: record.name, error: cause });
    });
    const engineGone = isWsError(error, "engine_unreachable") || isWsError(error, "engine_lost");
    records.change(id, (current) => ({
      ...withoutOperation(current),
      power: engineGone && resume ? "running" : "stopped",
      failure: failureOf(error, current.operation?.step ?? "start", clock.now()),
    }));
    throw error;
  }
  return records.change(id, ({ failure: _failure, stopReason: _reason, ...current }) => ({
    ...withoutOperation(current),
    power: "running",
    lastUsedAt: clock.now(),
    ...(current.ttlMs === undefined ? {} : { ttlRemainingMs: current.ttlMs }),
  }));
}

export async function powerOff(
  engine: Engine,
  id: WorkspaceId,
  signal: AbortSignal,
  reason?: string,
): Promise<WorkspaceRecord> {
  const { records } = engine;
  try {
    await halt(engine, id, signal);
  } catch (error) {
    records.change(id, withoutOperation);
    throw error;
  }
  return records.change(id, ({ stopReason: _reason, ...record }) => ({
    ...withoutOperation(record),
    power: "stopped",
    ...(reason === undefined ? {} : { stopReason: reason }),
  }));
}

async function halt(engine: Engine, id: WorkspaceId, signal?: AbortSignal): Promise<void> {
  const { runtime } = engine.records.byId(id);
  await engine.boxes.drop(id);
  await engine.runtime(runtime).stop(id, signal === undefined ? {} : { signal });
}

/** Writes what is about to be done, so that a crash in the middle of it can be read afterwards. */
function begin(
  engine: Engine,
  id: WorkspaceId,
  kind: OperationKind,
  patch: (record: WorkspaceRecord) => WorkspaceRecord = (record) => record,
): void {
  const operation = { kind, startedAt: engine.clock.now() };
  engine.records.change(id, (record) => ({ ...patch(record), operation }));
}

/** The repository to clone now, if any. Another one than the existing workspace's is refused. */
function agreeOnRepository(engine: Engine, record: WorkspaceRecord, clone: string | undefined): Repository | undefined {
  if (clone === undefined) return undefined;
  const asked = repositoryOf(engine, clone, {});
  const { repository } = record;
  // A create that failed has cloned nothing: the corrected URL takes its place.
  if (repository?.url === asked.url) return repository;
  if (record.phase === "error") return asked;
  const existing = repository?.url ?? "no repository";
  throw new WsError("repository_mismatch", {
    message: `'${record.name}' exists with ${existing}, not with ${asked.url}.`,
    next: `Use another name for ${asked.url}, or 'ws delete ${record.name}' first.`,
    data: { name: record.name, existing, asked: asked.url },
  });
}
