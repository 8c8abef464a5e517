import { canonicalJson } from "./canonical-json.ts";
import { admit, requireCpus } from "./admission.ts";
import type { CreateRequest } from "./api.ts";
import { connect } from "./connect.ts";
import { placeOf, type Engine } from "./engine.ts";
import { environmentOf } from "./process-environment.ts";
import { WsError } from "./errors.ts";
import { orGivenUp } from "./given-up.ts";
import { grantOwn, withReason } from "./grants.ts";
import { parseName } from "./names.ts";
import type { Box, Report } from "./ports.ts";
import { failureOf, withoutOperation } from "./records.ts";
import { followDevcontainer, requireFeatures } from "./devcontainer/follow.ts";
import { devcontainerOf } from "./devcontainer/require.ts";
import { requireDocker } from "./nested-docker.ts";
import { onItsBranch, repositoryOf, requirePlain, requireKept, requireRepository } from "./request.ts";
import { runScripts } from "./scripts.ts";
import { pendingSteps, skipStep, stepRunner } from "./steps.ts";
import { enterPhase, type Repository, type StepId, type WorkspaceId, type WorkspaceRecord } from "./workspace.ts";

const CREATE_STEPS = [
  "prepare",
  "credentials",
  "devcontainer",
  "create",
  "start",
  "connect",
  "clone",
  "scripts",
] as const;
export const CLONE_GROUP = "clone";

/** Those of a create, in their order. */
export function stepsOf(devcontainer: unknown): readonly StepId[] {
  return CREATE_STEPS.filter((step) => step !== "devcontainer" || devcontainer !== undefined);
}

/** The record of a new workspace, checked and written; nothing else has been touched. */
export async function admitRequest(engine: Engine, request: CreateRequest): Promise<WorkspaceRecord> {
  const name = parseName(request.name);
  const { clone, execution } = request;
  requireRepository(request);
  if (execution !== undefined) requirePlain(execution);
  const { id = engine.newId() } = request;
  const repository =
    clone === undefined
      ? undefined
      : onItsBranch(engine, repositoryOf(engine, clone, request), { id, name, execution });
  const runtime = engine.runtime(request.runtime ?? engine.runtimes[0].name);
  requireKept(runtime.name, request);
  requireDocker(engine, runtime.name, request);
  const devcontainer = devcontainerOf(runtime.name, request);
  await requireCpus(runtime, request.limits ?? {});
  await admit(engine);
  const now = engine.clock.now();
  const record: WorkspaceRecord = {
    id,
    name,
    runtime: runtime.name,
    profile: request.profile ?? "person",
    phase: "provisioning",
    power: "stopped",
    operation: { kind: "create", startedAt: now },
    limits: request.limits ?? {},
    env: request.env ?? {},
    startup: pendingSteps(stepsOf(devcontainer)),
    createdAt: now,
    updatedAt: now,
    lastUsedAt: now,
    ...(request.image === undefined ? {} : { image: request.image }),
    ...(request.docker === undefined ? {} : { docker: request.docker }),
    ...(devcontainer === undefined ? {} : { devcontainer: { mode: devcontainer } }),
    ...(repository === undefined ? {} : { repository }),
    ...(request.idleMs === undefined ? {} : { idleMs: request.idleMs }),
    ...(execution === undefined ? {} : { execution }),
    ...(request.egress === undefined ? {} : { egress: request.egress }),
    ...(request.autoCleanup === undefined ? {} : { autoCleanup: request.autoCleanup }),
    ...(request.credentials === undefined ? {} : { credentials: request.credentials }),
    ...(request.ttlMs === undefined ? {} : { ttlMs: request.ttlMs, ttlRemainingMs: request.ttlMs }),
    ...(request.key === undefined ? {} : { request: { key: request.key, input: inputOf(request) } }),
  };
  // A second request under the same key may have been admitted while this one looked at the worker.
  const twin = findTwin(engine, request);
  if (twin !== undefined) return twin;
  engine.records.insert(record);
  return record;
}

/** The workspace that an equal request under the same key made. Throws `idempotency_mismatch` for an unequal one. */
export function findTwin(engine: Engine, request: CreateRequest): WorkspaceRecord | undefined {
  if (request.key === undefined) return undefined;
  const twin = engine.store.getByRequest(request.key);
  if (twin === undefined || twin.request?.input === inputOf(request)) return twin;
  throw new WsError("idempotency_mismatch", {
    message: `The key '${request.key}' was used for another request, which made '${twin.name}'.`,
    next: "Use a new key for a new request.",
    data: { key: request.key },
  });
}

/**
 * Takes a record that is `provisioning` to `ready`. Each step leaves behind how to undo it; a failure undoes them and
 * leaves the record in `error`, saying which step failed and why. Where even the undoing fails, because the engine is
 * gone, the operation stays in the record and `reconcile` finishes it.
 */
export async function provision(engine: Engine, id: WorkspaceId, signal: AbortSignal): Promise<WorkspaceRecord> {
  const { records, clock } = engine;
  try {
    await using undo = new AsyncDisposableStack();
    undo.defer(() => withdraw(engine, id));
    await takeSteps(engine, id, signal);
    undo.move();
  } catch (error) {
    records.change(id, (record) => {
      const failure = failureOf(rootOf(error), record.operation?.step ?? "prepare", clock.now());
      const failed = enterPhase({ ...record, power: "stopped" as const, failure }, "error");
      return error instanceof SuppressedError ? failed : withoutOperation(failed);
    });
    throw rootOf(error);
  }
  return records.change(id, (record) => {
    const { failure: _failure, stopReason: _reason, ...rest } = enterPhase(record, "ready");
    return { ...withoutOperation(rest), power: "running", lastUsedAt: clock.now() };
  });
}

async function takeSteps(engine: Engine, id: WorkspaceId, signal: AbortSignal): Promise<void> {
  const { records, clock } = engine;
  const record = records.byId(id);
  const runtime = engine.runtime(record.runtime);
  const step = stepRunner(engine, id, signal);
  const { repository } = record;

  await step("prepare", (report) => runtime.prepare({ report, signal, ...imageOf(record) }));
  // Before anything is made: a credential that is no good is told at once.
  let lacking: WsError | undefined;
  if (repository === undefined) skipStep(engine, id, "credentials");
  else lacking = await step("credentials", () => grantOwn(engine, records.byId(id), repository, signal));
  const followed =
    repository === undefined || record.devcontainer === undefined
      ? undefined
      : await step("devcontainer", (report) => followDevcontainer(engine, record, repository, { report, signal }));
  const { prepared, place } = await step("create", async (report) => {
    const { image } = records.byId(id);
    // Another one than was there when all this began.
    if (image !== record.image) await runtime.prepare({ report, signal, ...imageOf(records.byId(id)) });
    // Goes on while the place is made, and is waited for by the clone.
    const prepared =
      repository === undefined || !runtime.showsObjects
        ? undefined
        : (followed ?? (await engine.git.prepare(repository, { workspace: id, signal })));
    const place = placeOf(
      records.change(id, ({ objects: _earlier, ...current }) => ({
        ...current,
        ...(prepared === undefined ? {} : { objects: prepared.directory }),
      })),
    );
    const { handle } = await runtime.create(place, signal);
    records.change(id, (current) => ({ ...current, handle }));
    return { prepared, place };
  });
  await step("start", () => runtime.start(place, signal));
  const { plan } = records.byId(id).devcontainer ?? {};
  const box = await step("connect", async (report) => {
    const open = await connect(engine, record, { report, signal });
    if (plan !== undefined) await requireFeatures(plan, open, signal);
    return open;
  });
  if (repository === undefined) {
    skipStep(engine, id, "clone");
    records.change(id, (current) => ({ ...current, directory: box.home }));
  } else {
    await step("clone", async (report) => {
      try {
        await prepared?.ready(report);
        await orGivenUp(clock, cloneInto(engine, records.byId(id), box, repository, { report, signal }), signal);
      } catch (error) {
        throw withReason(error, lacking);
      }
    });
  }
  await step("scripts", (report) =>
    orGivenUp(clock, runScripts(engine, records.byId(id), box, { report, signal }), signal),
  );
}

async function cloneInto(
  engine: Engine,
  record: WorkspaceRecord,
  box: Box,
  repository: Repository,
  options: { report: Report; signal: AbortSignal },
): Promise<void> {
  const env = await environmentOf(engine, record, box);
  const cloned = await engine.git.clone(box, repository, { ...options, group: CLONE_GROUP, env });
  engine.records.change(record.id, (current) => ({
    ...current,
    directory: box.repositoryDirectory(repository.name),
    repository: { ...repository, ...cloned },
  }));
}

/** What `Runtime.prepare` makes ready for a workspace. */
export function imageOf({ image, docker }: WorkspaceRecord): { image?: string; docker?: boolean } {
  return { ...(image === undefined ? {} : { image }), ...(docker === undefined ? {} : { docker }) };
}

/** Takes back whatever a create has made, however far it came. */
export async function withdraw(engine: Engine, id: WorkspaceId): Promise<void> {
  const record = engine.records.byId(id);
  await engine.credentials.revoke(id);
  await engine.boxes.drop(id);
  await engine.runtime(record.runtime).remove(id);
  await engine.git.release(id);
  engine.records.note(id, ({ handle: _handle, directory: _directory, objects: _objects, ...rest }) =>
    withoutPlan(rest),
  );
}

/** Of a file that is read anew when the create is tried again. */
function withoutPlan(record: WorkspaceRecord): WorkspaceRecord {
  if (record.devcontainer === undefined) return record;
  const { image: _image, ports: _ports, devcontainer, ...rest } = record;
  return { ...rest, devcontainer: { mode: devcontainer.mode } };
}

/** The error that began it, where the undoing failed as well. */
function rootOf(error: unknown): unknown {
  return error instanceof SuppressedError ? (error.suppressed as unknown) : error;
}

function inputOf({ key: _key, ...request }: CreateRequest): string {
  return canonicalJson(request);
}
