import type { CreateRequest, Workspaces, WorkspacesPorts } from "./api.ts";
import { createEngine, type Engine } from "./engine.ts";
import { environmentOf } from "./process-environment.ts";
import { WsError } from "./errors.ts";
import { keepWaysOpen } from "./egress/keep-ways-open.ts";
import { keepTime } from "./expiry.ts";
import { cleanUp, foresee, requireNothingLost } from "./cleanup.ts";
import { deleteBranches, endExecution, listExecutions } from "./executions.ts";
import { finalize } from "./finalize.ts";
import { createRegive } from "./given/regive.ts";
import { requireFinalizable } from "./finalize-policy.ts";
import { createGitAccess } from "./git-access.ts";
import { canBeRepeated } from "./operations.ts";
import type { Finalized } from "./outcomes.ts";
import type { FinalizeRequest } from "./finalize-request.ts";
import { remove, rename, restart, start, stop } from "./lifecycle.ts";
import { lookAtPullRequest } from "./look-at-pull-request.ts";
import { placed, texts } from "./log-lines.ts";
import { readLogs } from "./logs.ts";
import { openRunning } from "./open-running.ts";
import { admitRequest, findTwin, provision } from "./provision.ts";
import { forgeRepositoryOf } from "./pull-request.ts";
import { createSharedWatches } from "./changes/shared-watches.ts";
import { createUsageReading } from "./token-usage/workspace-usage.ts";
import { createSharedUsage } from "./usage/shared-usage.ts";
import { createWorkspaceFiles } from "./files/workspace-files.ts";
import { fetchPackets } from "./handlers/packets.ts";
import { fetchLayers, packetSource } from "./handlers/workspace-packets.ts";
import type { Policy } from "./policy/policy.ts";
import { createPolicies } from "./policy/policies.ts";
import type { PolicyLayer } from "./policy/layers.ts";
import { reasonOf, withReasons } from "./reasons.ts";
import { reap } from "./reap.ts";
import { reconcile } from "./recover.ts";
import { showRights } from "./show-rights.ts";
import { createRunsOf } from "./workspace-runs.ts";
import { enter } from "./way-in/way-in.ts";
import { createWorkspacePorts } from "./way-in/workspace-ports.ts";
import { createTerminalsOf } from "./workspace-terminals.ts";
import { watchRuntimes } from "./watch.ts";
import { followAgain, runAgain } from "./run-again.ts";
import { update } from "./update.ts";
import { statusOf, type Repository, type WorkspaceId, type WorkspaceRecord } from "./workspace.ts";

/** The public object of the package; see `Workspaces` for what it promises. */
export function createWorkspaces(ports: WorkspacesPorts): Workspaces {
  const engine = createEngine(ports);
  const { records, operations, boxes, store } = engine;
  const closing = new AbortController();
  const creating = new Map<WorkspaceId, Promise<WorkspaceRecord>>();
  const policies = createPolicies({ records, store: engine.policies });
  const terminalsOf = createTerminalsOf(engine);
  const runsOf = createRunsOf(engine);
  const gitAccess = createGitAccess(engine);
  const watches = createSharedWatches(engine);
  const usage = createSharedUsage(engine);
  const regive = createRegive(engine, closing.signal);
  const usageReading = createUsageReading(engine);
  const reconciled = Promise.withResolvers<void>();
  const background = [
    watchRuntimes(engine, closing.signal),
    keepTime(engine, closing.signal),
    keepWaysOpen(engine, reconciled.promise, closing.signal),
  ];

  /** A create under way is joined; a failed one is tried again. */
  function createOnce(record: WorkspaceRecord): Promise<WorkspaceRecord> {
    const running = creating.get(record.id);
    if (running !== undefined) return running;
    if (record.phase !== "provisioning" && record.phase !== "error") return Promise.resolve(record);
    const again = record.phase === "error";
    const work = operations
      .run(record.id, "create", (signal) => retryOrProvision(record, again, signal))
      .finally(() => creating.delete(record.id));
    creating.set(record.id, work);
    return work;
  }

  function retryOrProvision(record: WorkspaceRecord, again: boolean, signal: AbortSignal): Promise<WorkspaceRecord> {
    if (store.get(record.id)?.phase === "cleaned_up") records.missing(record.name);
    return again ? start(engine, record.id, {}, signal) : provision(engine, record.id, signal);
  }

  async function admitOnce(request: CreateRequest): Promise<WorkspaceRecord> {
    return findTwin(engine, request) ?? (await admitRequest(engine, request));
  }

  function finalizeNamed(
    name: string,
    request: FinalizeRequest,
    { layers = [] }: { layers?: readonly PolicyLayer[] } = {},
  ): Promise<Finalized> {
    return onWorkspace(engine, name, "finalize", async (id, signal) => {
      if (statusOf(records.byId(id)) === "stopped") await start(engine, id, {}, signal);
      const policy = policies.of(records.byId(id).name, layers);
      await requireFinalizable(engine, id, request, { policy, signal });
      return finalize(engine, id, request, signal);
    });
  }

  return {
    create: async (request) => createOnce(await admitOnce(request)),
    async begin(request) {
      const record = await admitOnce(request);
      // The record tells how it ended; nobody waits for this promise.
      createOnce(record).catch(() => undefined);
      return records.byId(record.id);
    },
    get: (name) => records.get(name),
    find(id) {
      const record = store.get(id);
      return record?.phase === "cleaned_up" ? undefined : record;
    },
    list: () => store.list(),
    start: (name, request = {}) =>
      onWorkspace(engine, name, "start", (id, signal) => start(engine, id, request, signal)),
    async stop(name) {
      endScripts(engine, name);
      return onWorkspace(engine, name, "stop", (id, signal) => stop(engine, id, signal));
    },
    async restart(name) {
      endScripts(engine, name);
      return onWorkspace(engine, name, "restart", (id, signal) => restart(engine, id, signal));
    },
    async update(name, request) {
      const updated = await onWorkspace(engine, name, "update", (id, signal) => update(engine, id, request, signal));
      // Its files and what it is told of its variables follow what it may use.
      if (request.credentials !== undefined || request.env !== undefined) await regive();
      return { ...updated, record: records.byId(updated.record.id) };
    },
    rename: (name, newName) => onWorkspace(engine, name, "rename", (id, signal) => rename(engine, id, newName, signal)),
    touch(name) {
      const { id } = records.get(name);
      const touched = records.change(id, (record) => ({
        ...record,
        lastUsedAt: engine.clock.now(),
        ...(record.ttlMs === undefined ? {} : { ttlRemainingMs: record.ttlMs }),
      }));
      engine.unkept.delete(id);
      return touched;
    },
    async delete(name, { force = false } = {}) {
      const { id } = records.get(name);
      // A delete that may be refused must not have ended work; what only comes up, or can be run again, may hold it up for long.
      operations.cancel(id, (kind) => (force ? kind !== "delete" : canBeRepeated(kind)));
      await operations.run(id, "delete", async (signal) => {
        // Somebody else may have deleted it while this one waited.
        if (store.get(id)?.phase === "cleaned_up") return;
        if (!force) await requireNothingLost(engine, id, signal);
        await remove(engine, id);
      });
    },
    finalize: finalizeNamed,
    async cleanup(name, { force = false, reason = "it was asked for" } = {}) {
      endScripts(engine, name);
      return onWorkspace(engine, name, "delete", (id, signal) => cleanUp(engine, id, { force, reason, signal }));
    },
    foresee: (name, signal = closing.signal) =>
      onWorkspace(engine, name, "delete", (id, own) =>
        foresee(engine, records.byId(id), { signal: AbortSignal.any([own, signal]) }),
      ),
    reap: ({ signal = closing.signal, ...options } = {}) => reap(engine, { ...options, signal }),
    async workState(name, signal) {
      const { box, record } = await openRunning(engine, name, signal);
      const repository = requireRepository(record);
      const env = await environmentOf(engine, record, box);
      return engine.git.workState(box, repository, { env, group: "look", ...(signal === undefined ? {} : { signal }) });
    },
    async push(name, options = {}) {
      const { pushed } = await finalizeNamed(name, { uncommitted: "leave", push: true, ...options });
      if (pushed === undefined) throw new Error("a push that succeeded tells what it pushed");
      return pushed;
    },
    async fetch(name, { branches, signal } = {}) {
      const { box, record } = await openRunning(engine, name, signal);
      await engine.git.fetch(box, requireRepository(record), {
        env: await environmentOf(engine, record, box),
        group: "fetch",
        report: () => undefined,
        ...(branches === undefined ? {} : { branches }),
        ...(signal === undefined ? {} : { signal }),
      });
    },
    runScripts: (name, { script, signal = closing.signal } = {}) => runAgain(engine, name, { script, signal }),
    followScripts: (name, { script, signal = closing.signal } = {}) => followAgain(engine, name, { script, signal }),
    regive,
    showRights: (name) => showRights(engine, records.get(name).id, closing.signal),
    async git(name, { layers = [], signal } = {}) {
      const { box, record } = await openRunning(engine, name, signal);
      const policy = policies.of(records.byId(record.id).name, layers);
      return gitAccess.open({ box, record, repository: requireRepository(record), policy }, signal);
    },
    pullRequest: (name, signal) => lookAtPullRequest(engine, records.get(name).id, signal),
    forge: (name) => forgeRepositoryOf(engine, records.get(name)),
    async files(name, { layers = [], signal } = {}) {
      const { box, record } = await openRunning(engine, name, signal);
      const policy = policies.of(records.byId(record.id).name, layers);
      const during = (work: Promise<unknown>): void => engine.uses.during(record.id, work);
      return createWorkspaceFiles({ box, root: record.directory ?? box.home, policy, during });
    },
    async changes(name, { layers = [], signal }) {
      const { box, record } = await openRunning(engine, name, signal);
      const { id, directory: root = box.home } = record;
      const policy = (): Policy => policies.of(records.byId(id).name, layers);
      return watches.changes({ id, box, root, policy }, (error) => reasonOf(engine, record, error), signal);
    },
    async *packets(name, settings, { layers = [], signal } = {}) {
      const narrowed = [...layers, ...fetchLayers(name, settings)];
      const further = { layers: narrowed, ...(signal === undefined ? {} : { signal }) };
      const [git, files] = await Promise.all([this.git(name, further), this.files(name, further)]);
      const source = packetSource({ git, files, policy: policies.of(name, narrowed) }, signal);
      return yield* fetchPackets(source, { repo: name, ...settings }, signal);
    },
    policies,
    ports: createWorkspacePorts(engine),
    egress: engine.egress.workspaces,
    executions: (options) => listExecutions(engine, options),
    deleteBranches: (id, signal) => deleteBranches(engine, id, signal),
    endExecution: (id, options) => endExecution(engine, id, options),
    async run(name, argv, options = {}) {
      const { box, record } = await openRunning(engine, name, options.signal);
      const env = { ...(await environmentOf(engine, record, box)), ...options.env };
      const cwd = options.cwd ?? record.directory;
      const reason = (error: unknown): Promise<unknown> => reasonOf(engine, record, error);
      const process = await box
        .run(argv, { ...options, env, ...(cwd === undefined ? {} : { cwd }) })
        .catch(async (error: unknown) => Promise.reject(await reason(error)));
      engine.uses.during(record.id, process.exit);
      return withReasons(process, reason);
    },
    enter: (name, signal) => enter(engine, name, signal),
    box: async (name) => (await openRunning(engine, name)).box,
    async variables(name) {
      const record = records.get(name);
      return { ...(await engine.setup.environment(record)), ...record.env };
    },
    async terminals(name) {
      const { box, record } = await openRunning(engine, name);
      return terminalsOf(record, box);
    },
    async runs(name, signal) {
      const { box, record } = await openRunning(engine, name, signal);
      return runsOf(record, box);
    },
    directory: (name) => records.get(name).directory,
    logs: (name, options) => texts(readLogs(engine, records.get(name).id, options)),
    followLog: (name, options) => placed(readLogs(engine, records.get(name).id, { ...options, follow: true })),
    events: (signal) => engine.events.subscribe(AbortSignal.any([signal, closing.signal])),
    sampleUsage: (signal, everyMs) =>
      createSharedUsage({ ...engine, everyMs }).read(AbortSignal.any([signal, closing.signal])),
    usage: (signal, only) => usage.read(AbortSignal.any([signal, closing.signal]), only),
    readUsage: (id, signal) => usageReading.read(id, AbortSignal.any([signal, closing.signal])),
    status: (runtime) => engine.runtime(runtime ?? engine.runtimes[0].name).status(),
    reconcile: () => reconcile(engine).then(reconciled.resolve),
    async [Symbol.asyncDispose]() {
      // Ends from the last to the first, each also where another fails.
      await using ending = new AsyncDisposableStack();
      ending.use(boxes);
      for (const work of background) ending.defer(() => work);
      ending.use(operations);
      closing.abort();
    },
  };
}

/** Each of them may take as long as a script may, and nothing is lost with them. */
function endScripts({ records, operations }: Engine, name: string): void {
  operations.cancel(records.get(name).id, (kind) => kind === "scripts");
}

function onWorkspace<T>(
  engine: Engine,
  name: string,
  kind: "start" | "stop" | "restart" | "rename" | "update" | "finalize" | "delete",
  work: (id: WorkspaceId, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { id } = engine.records.get(name);
  return engine.operations.run(id, kind, (signal) => {
    // It may have been deleted while this waited for its turn; its name may even be another's by now.
    if (engine.store.get(id)?.phase === "cleaned_up") engine.records.missing(name);
    return work(id, signal);
  });
}

function requireRepository({ name, repository }: WorkspaceRecord): Repository {
  if (repository !== undefined) return repository;
  throw new WsError("repository_not_found", {
    message: `'${name}' has no repository.`,
    next: "Make a workspace of one: ws start NAME --clone URL.",
    data: { url: "" },
  });
}
