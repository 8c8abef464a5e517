import type { WorkspaceEvent } from "@ws/rpc-contract";
import type { WorkspaceEvent as DomainEvent, WorkspaceId, WorkspaceRecord } from "@ws/workspace-core";
import type { Worker } from "./context.ts";
import type { OpenTasks } from "./open-tasks.ts";
import { watchTasks } from "./task-events.ts";
import { together } from "./together.ts";

/** What was made of an event, which all who are told it share. */
export type Translated = WeakMap<DomainEvent, WorkspaceEvent>;

interface Watch {
  name: string | undefined;
  /** The workspace that the caller's token is for: its name may be another's by now. */
  mine?: WorkspaceId | undefined;
  /** Opens the tasks, where their events are wanted too. */
  tasks?: (() => Promise<OpenTasks>) | undefined;
  translated: Translated;
  signal: AbortSignal;
}

/**
 * A snapshot, then every change; of one workspace where it is named, also after it was renamed. A name that nothing has
 * yet is waited for, so that a client can watch what it is about to create.
 */
export function watchWorkspaces(
  worker: Worker,
  { name, mine, tasks, translated, signal }: Watch,
): AsyncGenerator<WorkspaceEvent> {
  const { workspaces, runtime, show } = worker;
  // Subscribed before the snapshot is taken, so that no change falls in between.
  const changes = workspaces.events(signal);
  const isAsked = ({ id, name: current }: WorkspaceRecord): boolean =>
    mine === undefined ? name === undefined || current === name : id === mine;
  const records = workspaces.list().filter(isAsked);
  let only = mine ?? (name === undefined ? undefined : records[0]?.id);
  const events = watchRecords();
  return tasks === undefined ? events : together([events, watchTheirTasks(tasks)]);

  async function* watchRecords(): AsyncGenerator<WorkspaceEvent> {
    yield { type: "snapshot", workspaces: records.map(show) };
    for await (const change of changes) {
      // Only the engine of new workspaces is what a dashboard calls "the engine".
      if (change.type === "engine" && change.runtime !== runtime().runtime) continue;
      if (change.type === "changed" && change.record.name === name) only ??= change.record.id;
      if (name === undefined || subjectOf(change) === undefined || subjectOf(change) === only) {
        const told = translated.get(change) ?? translate(worker, change);
        translated.set(change, told);
        yield told;
      }
    }
  }

  /** The tasks are there later than the workspaces, which they do not hold up. */
  async function* watchTheirTasks(open: () => Promise<OpenTasks>): AsyncGenerator<WorkspaceEvent> {
    const of = name === undefined ? undefined : () => (only ??= workspaces.list().find(isAsked)?.id);
    for await (const event of watchTasks(await open(), { of, signal })) {
      yield event.type === "snapshot" ? { type: "tasks", tasks: event.tasks } : { type: "task", task: event.task };
    }
  }
}

function subjectOf(event: DomainEvent): WorkspaceId | undefined {
  if (event.type === "engine") return undefined;
  return event.type === "changed" ? event.record.id : event.id;
}

function translate(worker: Worker, event: DomainEvent): WorkspaceEvent {
  switch (event.type) {
    case "changed":
      return { type: "changed", workspace: worker.show(event.record) };
    case "engine": {
      const { available, message } = event;
      return { type: "engine", available, ...(message === undefined ? {} : { message }) };
    }
    case "progress":
      return { ...event, message: worker.clean(event.message, event.id) };
    case "credentials":
    case "egress_refused":
    case "removed":
    case "terminal":
      return event;
  }
}
