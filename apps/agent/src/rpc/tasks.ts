import { withEventMeta } from "@orpc/server";
import type { TaskEvent, TaskInfo, TaskInput } from "@ws/rpc-contract";
import {
  type Argv,
  type TaskFailure,
  type TaskId,
  taskNotFound,
  type TaskRecord,
  type TaskRequest,
  type Tasks,
  type TaskSpec,
  type WorkspaceId,
  type Workspaces,
} from "@ws/workspace-core";
import { asTexts, type TaskText } from "../tasks/as-texts.ts";
import { promptOf } from "../tasks/prompt.ts";
import { withoutAbsent } from "../without-absent.ts";
import type { RequestContext, Services } from "./context.ts";
import type { Guarded } from "./guard.ts";
import { untilGone } from "./until.ts";

/** How many are listed where nobody says. */
const PAGE = 100;

export function tasksRouter(guard: Guarded, services: Services) {
  const os = guard.tasks;

  const open = async () => {
    const [tasks, { workspaces }] = await Promise.all([services.tasks(), services.ready()]);
    return { tasks, workspaces, show: (record: TaskRecord) => toInfo(record, workspaces, services.redactor.clean) };
  };

  return os.router({
    create: os.create.handler(async ({ input, context }) => {
      const { tasks, workspaces, show } = await open();
      // Whoever is in one workspace cannot ask what becomes of another's tasks.
      const { name } = context.caller?.scope === "workspace" ? input : { name: undefined };
      for (const task of input.dependsOn ?? []) find(tasks, workspaces, { name, task });
      return show(tasks.create(toRequest(input, context)));
    }),
    list: os.list.handler(async ({ input: { name, status, limit = PAGE, before } = {} }) => {
      const { tasks, workspaces, show } = await open();
      const workspace = name === undefined ? undefined : workspaces.get(name).id;
      const filter = withoutAbsent({ workspace, statuses: status, limit, before: before as TaskId | undefined });
      return tasks.list(filter).map(show);
    }),
    get: os.get.handler(async ({ input }) => {
      const { tasks, workspaces, show } = await open();
      return show(find(tasks, workspaces, input));
    }),
    cancel: os.cancel.handler(async ({ input }) => {
      const { tasks, workspaces, show } = await open();
      return show(await tasks.cancel(find(tasks, workspaces, input).id));
    }),
    retry: os.retry.handler(async ({ input, context }) => {
      const { tasks, workspaces, show } = await open();
      return show(tasks.retry(find(tasks, workspaces, input).id, creator(context)));
    }),
    events: os.events.handler(async ({ input, context, signal }) => {
      const { tasks, workspaces, show } = await open();
      const only = input?.name === undefined ? undefined : workspaces.get(input.name).id;
      return watch(tasks, { only, show, signal: untilGone(services, context, signal) });
    }),
    output: os.output.handler(async ({ input, context, signal, lastEventId }) => {
      const { tasks, workspaces } = await open();
      const { id } = find(tasks, workspaces, input);
      const from = afterEvent(lastEventId) ?? fromInput(input);
      const follow = input.follow ?? false;
      const options = withoutAbsent({ from, follow, signal: untilGone(services, context, signal) });
      return withIds(asTexts(tasks.output(id, options)));
    }),
  });
}

/** The task, where it is in the workspace that was named: a token for that one learns nothing of others. */
function find(
  tasks: Tasks,
  workspaces: Workspaces,
  { name, task }: { name?: string | undefined; task: string },
): TaskRecord {
  const record = tasks.get(task as TaskId);
  if (name === undefined || workspaces.get(name).id === record.workspace) return record;
  throw taskNotFound(task);
}

async function* watch(
  tasks: Tasks,
  {
    only,
    show,
    signal,
  }: { only: WorkspaceId | undefined; show: (record: TaskRecord) => TaskInfo; signal: AbortSignal },
): AsyncGenerator<TaskEvent> {
  // Subscribed before the snapshot is taken, so that no change falls in between.
  const changes = tasks.changes(signal);
  const filter = only === undefined ? {} : { workspace: only };
  yield { type: "snapshot", tasks: tasks.list({ ...filter, statuses: LIVE }).map(show) };
  for await (const record of changes) {
    if (only === undefined || record.workspace === only) yield { type: "changed", task: show(record) };
  }
}

const LIVE = ["pending", "running", "waiting_input", "limited", "auth_failed"] as const;

/** Each with the id from which a client that lost its connection goes on. */
async function* withIds(texts: AsyncIterable<TaskText>): AsyncGenerator<TaskText> {
  for await (const text of texts) yield withEventMeta(text, { id: `${text.attempt}.${text.end}` });
}

function afterEvent(id: string | undefined): { attempt: number; offset: number } | undefined {
  const [, attempt, offset] = /^(\d{1,9})\.(\d{1,15})$/.exec(id ?? "") ?? [];
  return attempt === undefined ? undefined : { attempt: Number(attempt), offset: Number(offset) };
}

function fromInput({ attempt, offset = 0 }: { attempt?: number | undefined; offset?: number | undefined }) {
  return attempt === undefined ? undefined : { attempt, offset };
}

/** Only a token's creations are counted: whoever is at the worker itself needs no task to keep it busy. */
function creator({ caller }: RequestContext): Pick<TaskRequest, "createdBy" | "countedFor"> {
  const countedFor = caller?.token?.id;
  return { createdBy: caller?.who ?? "local", ...(countedFor === undefined ? {} : { countedFor }) };
}

function toRequest(input: TaskInput, context: RequestContext): TaskRequest {
  const { name, spec, timeoutSeconds, notBefore, idempotencyKey, dependsOn, ...asked } = input;
  return {
    workspace: name,
    spec: toSpec(spec),
    ...withoutAbsent(asked),
    ...(dependsOn === undefined ? {} : { dependsOn: dependsOn as TaskId[] }),
    ...(timeoutSeconds === undefined ? {} : { timeoutMs: Math.ceil(timeoutSeconds * 1_000) }),
    ...(notBefore === undefined ? {} : { notBefore: Date.parse(notBefore) }),
    ...(idempotencyKey === undefined ? {} : { key: idempotencyKey }),
    ...creator(context),
  };
}

function toSpec(spec: TaskInput["spec"]): TaskSpec {
  if (spec.kind === "code") return spec;
  const { command, ...more } = spec;
  const argv = typeof command === "string" ? (["sh", "-c", command] as const) : (command as unknown as Argv);
  const { kind, ...given } = more;
  return { kind, argv, ...withoutAbsent(given) };
}

/** Variables and input are not shown: what is secret is given there. */
function toInfo(record: TaskRecord, workspaces: Workspaces, clean: Services["redactor"]["clean"]): TaskInfo {
  const { workspace, startedAt, completedAt, notBefore, timeoutMs, exit, execution, retryOf, error, waits } = record;
  const said = (text: string): string => clean(text, workspace);
  const failure = (one: TaskFailure): TaskFailure => ({ ...one, message: said(one.message) });
  return {
    id: record.id,
    workspaceId: workspace,
    workspace: workspaces.find(workspace)?.name ?? "",
    title: said(record.title),
    kind: record.spec.kind,
    prompt: said(promptOf(record.spec)),
    status: record.status,
    priority: record.priority,
    dependsOn: [...record.dependsOn],
    attempt: record.attempt,
    retriesLeft: record.retriesLeft,
    restartable: record.restartable,
    createdAt: instant(record.createdAt),
    createdBy: record.createdBy,
    ...(execution === undefined ? {} : { execution }),
    ...(timeoutMs === undefined ? {} : { timeoutSeconds: timeoutMs / 1_000 }),
    ...(startedAt === undefined ? {} : { startedAt: instant(startedAt) }),
    ...(completedAt === undefined ? {} : { completedAt: instant(completedAt) }),
    ...(notBefore === undefined ? {} : { notBefore: instant(notBefore) }),
    ...(record.cancelling === true ? { cancelling: true } : {}),
    ...(waits === undefined ? {} : { waits: failure(waits) }),
    ...(exit === undefined ? {} : { exitCode: exit.code }),
    ...(exit?.signal === undefined ? {} : { signal: exit.signal }),
    ...(error === undefined ? {} : { error: failure(error) }),
    ...(retryOf === undefined ? {} : { retryOf }),
  };
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
