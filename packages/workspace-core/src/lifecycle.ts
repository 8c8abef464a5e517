import { admit, requireCpus } from "./admission.ts";
import type { StartRequest } from "./api.ts";
import { connect } from "./connect.ts";
import { placeOf, type Engine } from "./engine.ts";
import { isEngineGone } from "./errors.ts";
import { parseName } from "./names.ts";
import { imageOf, provision, stepsOf } from "./provision.ts";
import { orGivenUp } from "./given-up.ts";
import { failureOf, withoutOperation } from "./records.ts";
import { requireDockerStill } from "./nested-docker.ts";
import { asAskedAgain } from "./again.ts";
import { requireSame } from "./same.ts";
import { runScripts } from "./scripts.ts";
import { pendingSteps, stepRunner } from "./steps.ts";
import { readLastUsage } from "./token-usage/workspace-usage.ts";
import { enterPhase, statusOf, type OperationKind, type WorkspaceId, type WorkspaceRecord } from "./workspace.ts";

/**
 * Starts a stopped workspace and leaves a running one as it is; a failed one is tried again from the beginning, with
 * what the request says. Throws `repository_mismatch`, `workspace_mismatch`, `disk_full`.
 */
export async function start(
  engine: Engine,
  id: WorkspaceId,
  request: StartRequest,
  signal: AbortSignal,
): Promise<WorkspaceRecord> {
  const { records } = engine;
  const current = records.byId(id);
  if (current.phase === "error" || current.phase === "provisioning") {
    const { runtime, limits } = asAskedAgain(engine, current, request);
    await requireCpus(engine.runtime(runtime), limits);
    await admit(engine);
    begin(engine, id, "create", (record) => {
      const again = asAskedAgain(engine, record, request);
      return { ...enterPhase(again, "provisioning"), startup: pendingSteps(stepsOf(again.devcontainer)) };
    });
    return provision(engine, id, signal);
  }
  requireSame(engine, current, request);
  letGo(engine, id);
  if (request.env !== undefined) {
    records.change(id, (record) => ({ ...record, env: { ...record.env, ...request.env } }));
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
  letGo(engine, id);
  begin(engine, id, "stop");
  await readLastUsage(engine, id);
  return powerOff(engine, id, signal, reason);
}

export async function restart(engine: Engine, id: WorkspaceId, signal: AbortSignal): Promise<WorkspaceRecord> {
  const { records } = engine;
  if (statusOf(records.byId(id)) !== "running") return start(engine, id, {}, signal);
  begin(engine, id, "restart");
  await readLastUsage(engine, id);
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
  await readLastUsage(engine, id);
  await engine.credentials.revoke(id);
  await engine.boxes.drop(id);
  await engine.runtime(runtime).remove(id);
  await engine.git.release(id);
  records.remove(id);
  engine.egress.forget(id);
  engine.told.delete(id);
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
  const { records, clock } = engine;
  begin(engine, id, kind, (current) => ({
    ...current,
    power: "stopped",
    startup: pendingSteps(["prepare", "start", "connect", "scripts"]),
  }));
  const record = records.byId(id);
  const runtime = engine.runtime(record.runtime);
  const step = stepRunner(engine, id, signal);
  try {
    await step("prepare", (report) => {
      // It may have been allowed no longer since.
      requireDockerStill(engine, record);
      return runtime.prepare({ report, signal, ...imageOf(record) });
    });
    await step("start", async () => {
      // The home is kept where the place itself was removed behind our back; creating what exists changes nothing.
      const { handle } = await runtime.create(placeOf(record), signal);
      records.change(id, (current) => ({ ...current, handle }));
      await runtime.start(placeOf(record), signal);
    });
    const box = await step("connect", (report) => connect(engine, record, { report, signal }));
    await step("scripts", (report) =>
      orGivenUp(clock, runScripts(engine, records.byId(id), box, { report, signal }), signal),
    );
  } catch (error) {
    // Cut short by our own going away: the operation stays in the record, and the next agent goes on with it.
    if (engine.operations.closing) throw error;
    await halt(engine, id).catch((cause: unknown) => {
      engine.log.warn("could not stop after a failed start", { workspace: record.name, error: cause });
    });
    records.change(id, (current) => ({
      ...withoutOperation(current),
      power: isEngineGone(error) && resume ? "running" : "stopped",
      failure: failureOf(error, current.operation?.step ?? "start", clock.now()),
    }));
    throw error;
  }
  const started = records.change(id, ({ failure: _failure, stopReason: _reason, ...current }) => ({
    ...withoutOperation(current),
    power: "running",
    lastUsedAt: clock.now(),
    ...(current.ttlMs === undefined ? {} : { ttlRemainingMs: current.ttlMs }),
  }));
  engine.unkept.delete(id);
  return started;
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

/** What waited for its engine to be finalized is the user's again. */
function letGo({ records }: Engine, id: WorkspaceId): void {
  if (records.byId(id).finalizing === undefined) return;
  records.change(id, ({ finalizing: _given, ...record }) => enterPhase(record, "ready"));
}

/** Writes what is about to be done, so that a crash in the middle of it can be read afterwards. */
export function begin(
  engine: Engine,
  id: WorkspaceId,
  kind: OperationKind,
  patch: (record: WorkspaceRecord) => WorkspaceRecord = (record) => record,
): void {
  const operation = { kind, startedAt: engine.clock.now() };
  engine.records.change(id, (record) => ({ ...patch(record), operation }));
}
