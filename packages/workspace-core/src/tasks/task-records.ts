import { orAborted } from "../aborted.ts";
import { createCoalescingFeed, type CoalescingFeed } from "../coalescing-feed.ts";
import type { Clock } from "../ports.ts";
import type { WorkspaceId } from "../workspace.ts";
import { advance, type TaskEvent } from "./advance.ts";
import type { Queued } from "./choose.ts";
import { isFinal, type TaskFailure, type TaskId, type TaskRecord } from "./task.ts";
import { taskNotFound, type TaskStore } from "./task-store.ts";

/** All tasks, in the store; and of those that are not over what the choice of the next one looks at. */
export interface TaskRecords {
  readonly feed: CoalescingFeed<TaskRecord>;
  /** Of all that are not over, in the order of their creation. */
  readonly live: ReadonlyMap<TaskId, Queued>;
  /** How many characters of prompts, code and input those hold. */
  text(): number;
  /** What the store has, after a restart. */
  load(): TaskRecord[];
  insert(record: TaskRecord): TaskRecord;
  find(id: TaskId): TaskRecord | undefined;
  /** Throws `task_not_found`. */
  need(id: TaskId): TaskRecord;
  /** One step: what happened to it, in the store, and then told. Throws `task_not_found`, `illegal_transition`. */
  change(id: TaskId, event: TaskEvent): TaskRecord;
  ofWorkspace(id: WorkspaceId): TaskId[];
  /** The record as soon as it is so. Rejects with `aborted`. */
  until(id: TaskId, isSo: (record: TaskRecord) => boolean, signal?: AbortSignal): Promise<TaskRecord>;
}

export function createTaskRecords({ store, clock }: { store: TaskStore; clock: Pick<Clock, "now"> }): TaskRecords {
  const feed = createCoalescingFeed<TaskRecord>(({ id }) => id);
  const live = new Map<TaskId, Queued>();
  const texts = new Map<TaskId, number>();
  let text = 0;
  /** Who waits for whom. */
  const dependents = new Map<TaskId, Set<TaskId>>();
  const watched = new Map<TaskId, PromiseWithResolvers<void>>();

  function find(id: TaskId): TaskRecord | undefined {
    return store.get(id);
  }

  function need(id: TaskId): TaskRecord {
    const record = store.get(id);
    if (record === undefined) throw taskNotFound(id);
    return record;
  }

  function enter(record: TaskRecord): void {
    const open = record.dependsOn.filter((id) => live.has(id));
    for (const id of open) dependents.set(id, (dependents.get(id) ?? new Set()).add(record.id));
    live.set(record.id, queuedOf(record, open));
    weigh(record.id, textOf(record));
  }

  function weigh(id: TaskId, length: number): void {
    text += length - (texts.get(id) ?? 0);
    if (length === 0) texts.delete(id);
    else texts.set(id, length);
  }

  /** One of the tasks it depends on that came to a bad end. One that is forgotten was completed: else this one were over, too. */
  function brokenOf(record: TaskRecord): TaskRecord | undefined {
    return record.dependsOn.map(find).find((other) => other?.status === "failed" || other?.status === "cancelled");
  }

  function apply(id: TaskId, event: TaskEvent): TaskRecord {
    const next = advance(need(id), event, clock.now());
    store.update(next);
    weigh(id, isFinal(next.status) ? 0 : textOf(next));
    if (isFinal(next.status)) live.delete(id);
    else live.set(id, queuedOf(next, live.get(id)?.dependsOn ?? []));
    feed.emit(next);
    watched.get(id)?.resolve();
    watched.delete(id);
    return next;
  }

  /** A chain of dependents can be as long as the queue: a list of work, and no recursion. */
  function change(id: TaskId, event: TaskEvent): TaskRecord {
    const changed = apply(id, event);
    const over = isFinal(changed.status) ? [changed] : [];
    for (let ended = over.pop(); ended !== undefined; ended = over.pop()) {
      const waiting = dependents.get(ended.id) ?? [];
      dependents.delete(ended.id);
      for (const other of waiting) {
        const entry = live.get(other);
        if (entry === undefined) continue;
        if (ended.status !== "completed")
          over.push(apply(other, { type: "cancelled", error: dependencyFailed(ended) }));
        else {
          live.set(other, { ...entry, dependsOn: entry.dependsOn.filter((one) => one !== ended?.id) });
          feed.emit(need(other));
        }
      }
    }
    return changed;
  }

  return {
    feed,
    live,
    text: () => text,
    load() {
      const records = store.live();
      for (const record of records) enter(record);
      for (const record of records) {
        const broken = live.has(record.id) && record.status !== "running" ? brokenOf(record) : undefined;
        if (broken !== undefined) change(record.id, { type: "cancelled", error: dependencyFailed(broken) });
      }
      return records.flatMap(({ id }) => (live.has(id) ? need(id) : []));
    },
    insert(record) {
      store.insert(record);
      enter(record);
      feed.emit(record);
      const broken = brokenOf(record);
      if (broken !== undefined) change(record.id, { type: "cancelled", error: dependencyFailed(broken) });
      return need(record.id);
    },
    find,
    need,
    change,
    ofWorkspace: (id) => [...live.values()].filter(({ workspace }) => workspace === id).map((entry) => entry.id),
    async until(id, isSo, signal) {
      for (;;) {
        const record = need(id);
        if (isSo(record)) return record;
        const news = watched.get(id) ?? Promise.withResolvers<void>();
        watched.set(id, news);
        await orAborted(news.promise, signal);
      }
    },
  };
}

function queuedOf(record: TaskRecord, dependsOn: readonly TaskId[]): Queued {
  const { id, workspace, status, priority, notBefore, account, waits, ahead } = record;
  const conversation = conversationOf(record);
  return {
    id,
    workspace,
    status,
    priority,
    dependsOn,
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(account === undefined ? {} : { account }),
    ...(record.spec.kind === "agent" ? { isAgent: true } : {}),
    ...(record.spec.kind === "agent" && account === undefined ? { unbilled: true } : {}),
    ...(ahead === undefined ? {} : { ahead }),
    ...(conversation === undefined ? {} : { conversation }),
    ...(waits === undefined ? {} : { waits }),
  };
}

function textOf({ spec, followUp = "" }: TaskRecord): number {
  if (spec.kind === "agent") return spec.prompt.length + followUp.length;
  if (spec.kind === "code") return spec.code.length;
  const { argv, env = {}, stdin = "" } = spec;
  return [...argv, ...Object.values(env), stdin].reduce((sum, { length }) => sum + length, 0);
}

/** Of one workspace, in whose home the tool keeps it. */
function conversationOf({ spec, session, workspace }: TaskRecord): string | undefined {
  const named = session ?? (spec.kind === "agent" ? spec.session : undefined);
  return named === undefined ? undefined : `${workspace} ${named}`;
}

function dependencyFailed({ id, status }: TaskRecord): TaskFailure {
  return {
    code: "dependency_failed",
    message: `It depends on ${id}, which was ${status === "cancelled" ? "cancelled" : "not completed"}.`,
    next: `See what happened there: ws task show ${id}.`,
  };
}
