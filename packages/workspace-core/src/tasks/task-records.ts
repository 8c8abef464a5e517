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
  }

  /** One of the tasks it depends on that came to a bad end. One that is forgotten was completed: else this one were over, too. */
  function brokenOf(record: TaskRecord): TaskRecord | undefined {
    return record.dependsOn.map(find).find((other) => other?.status === "failed" || other?.status === "cancelled");
  }

  function apply(id: TaskId, event: TaskEvent): TaskRecord {
    const next = advance(need(id), event, clock.now());
    store.update(next);
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
        else live.set(other, { ...entry, dependsOn: entry.dependsOn.filter((one) => one !== ended?.id) });
      }
    }
    return changed;
  }

  return {
    feed,
    live,
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
  const { id, workspace, status, priority, notBefore, account, waits } = record;
  return {
    id,
    workspace,
    status,
    priority,
    dependsOn,
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(account === undefined ? {} : { account }),
    ...(waits === undefined ? {} : { waits }),
  };
}

function dependencyFailed({ id, status }: TaskRecord): TaskFailure {
  return {
    code: "dependency_failed",
    message: `It depends on ${id}, which was ${status === "cancelled" ? "cancelled" : "not completed"}.`,
    next: `See what happened there: ws task show ${id}.`,
  };
}
