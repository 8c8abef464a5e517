import { withEventMeta } from "@orpc/server";
import type { TaskEvent } from "@ws/rpc-contract";
import {
  type Clock,
  type TaskId,
  taskNotFound,
  type TaskRecord,
  type Tasks,
  type Workspaces,
} from "@ws/workspace-core";
import { asTexts, type TaskText } from "../tasks/as-texts.ts";
import { withoutAbsent } from "../without-absent.ts";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";
import { createLeasedTask, createTask, creator } from "./create-task.ts";
import { openTasks } from "./open-tasks.ts";
import { watchTasks } from "./task-events.ts";
import { listTools } from "./task-tools.ts";
import { untilGone } from "./until.ts";

/** How many are listed where nobody says. */
const PAGE = 100;

export function tasksRouter(guard: Guarded, services: Services) {
  const os = guard.tasks;

  const open = () => openTasks(services);

  return os.router({
    create: os.create.handler(async ({ input, context, signal }) => {
      const { tasks, workspaces, show } = await open();
      // Whoever is in one workspace cannot ask what becomes of another's tasks.
      const { name } = context.caller?.scope === "workspace" ? input : { name: undefined };
      for (const task of input.dependsOn ?? []) find(tasks, workspaces, { name, task });
      return show(await createTask(input, { tasks, workspaces, services, context, signal }));
    }),
    createLeased: os.createLeased.handler(async ({ input, context, signal }) => {
      const [{ tasks, show }, worker] = await Promise.all([open(), services.ready()]);
      return show(await createLeasedTask(input, { tasks, worker, services, context, signal }));
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
      const { id, spec, workspace } = find(tasks, workspaces, input);
      const name = workspaces.find(workspace)?.name;
      if (name !== undefined) workspaces.policies.demandExecute(name, { task: spec }, context.caller?.policy);
      return show(tasks.retry(id, creator(context)));
    }),
    resume: os.resume.handler(async ({ input, context }) => {
      const { tasks, workspaces, show } = await open();
      const { id, spec, workspace } = find(tasks, workspaces, input);
      const name = workspaces.find(workspace)?.name;
      if (name !== undefined) workspaces.policies.demandExecute(name, { task: spec }, context.caller?.policy);
      const { prompt, permissions, attempt } = input;
      return show(tasks.resume(id, { ...creator(context), ...withoutAbsent({ prompt, permissions, attempt }) }));
    }),
    tools: os.tools.handler(async ({ input, context, signal }) => {
      const { workspaces } = await services.ready();
      const given = { workspaces, config: services.config, signal: untilGone(services, context, signal) };
      return listTools(input.name, given);
    }),
    events: os.events.handler(async ({ input, context, signal, lastEventId }) => {
      const opened = await open();
      const only = input?.name === undefined ? undefined : opened.workspaces.get(input.name).id;
      const since = instantOf(lastEventId);
      const watch = { of: only && (() => only), since, signal: untilGone(services, context, signal) };
      return withInstants(watchTasks(opened, watch), services.clock);
    }),
    output: os.output.handler(async ({ input, context, signal, lastEventId }) => {
      const { tasks, workspaces } = await open();
      const { id } = find(tasks, workspaces, input);
      const from = afterEvent(lastEventId) ?? fromInput(input);
      const follow = input.follow ?? false;
      // Whoever comes back has the last lines already.
      const tail = afterEvent(lastEventId) === undefined ? input.tail : undefined;
      const { stream } = input;
      const options = withoutAbsent({ from, tail, stream, follow, signal: untilGone(services, context, signal) });
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

/** Each with the instant from which a client that lost its connection goes on. */
async function* withInstants(events: AsyncIterable<TaskEvent>, clock: Pick<Clock, "now">): AsyncGenerator<TaskEvent> {
  for await (const event of events) yield withEventMeta(event, { id: String(clock.now() - UNTOLD_MS) });
}

/** A change may be told so much later than another that came after it: whoever comes back hears twice rather than never. */
const UNTOLD_MS = 60_000;

/** Until when the events were told before; undefined for an id that is none of ours. */
function instantOf(id: string | undefined): number | undefined {
  return /^\d{1,15}$/.test(id ?? "") ? Number(id) : undefined;
}

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
