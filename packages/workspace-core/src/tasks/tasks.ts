import { WsError } from "../errors.ts";
import { timeLimit } from "../time-limit.ts";
import type { Clock, Log } from "../ports.ts";
import type { TaskLimits } from "./choose.ts";
import { createConductor } from "./conductor.ts";
import { createCreationLimit } from "./creation-limit.ts";
import { isFinal, type TaskId, type TaskRecord } from "./task.ts";
import { type OutputOptions, readTaskOutput, type TaskOutput } from "./task-output.ts";
import { createTaskRecords } from "./task-records.ts";
import { admitTask, isSameRequest, type TaskRequest } from "./task-request.ts";
import { keyTaken, type TaskFilter, type TaskStore } from "./task-store.ts";
import type { TaskPlace, TaskWorkspaces } from "./task-workspaces.ts";

export interface TasksPorts {
  store: TaskStore;
  workspaces: TaskWorkspaces;
  clock: Clock;
  log: Log;
  newId: () => TaskId;
  /** Asked at each choice, so that a change counts from the next one on. */
  limits: () => TaskLimits;
}

/**
 * The queue of all workspaces. What is recorded here is true before it is done: a task is recorded to run before its program is started, and
 * whatever happens to the agent, each is started at most once for each attempt and comes to exactly one end.
 */
export interface Tasks extends AsyncDisposable {
  /**
   * Recorded once this returns; a workspace that is stopped is started for it. Throws `workspace_not_found`, `invalid_input`, `task_not_found` for what it
   * depends on, `idempotency_mismatch`, `too_many_requests`.
   */
  create(request: TaskRequest): TaskRecord;
  /** Throws `task_not_found`. */
  get(id: TaskId): TaskRecord;
  /** The last created first. */
  list(filter?: TaskFilter): TaskRecord[];
  /** Resolves once nothing of it runs, or after ten seconds; it is cancelled all the same then. One that is over stays as it is. Throws `task_not_found`. */
  cancel(id: TaskId): Promise<TaskRecord>;
  /** A new task that asks for the same. Throws `illegal_transition` where it is not over, and what `create` throws. */
  retry(id: TaskId, by: Pick<TaskRequest, "createdBy" | "countedFor">): TaskRecord;
  /** Each task as it is after a change, from now on; to a slow reader only as it is in the end. */
  changes(signal: AbortSignal): AsyncIterable<TaskRecord>;
  /** Resolves once it is so, at the latest when the signal aborts: with `aborted` then. */
  until(id: TaskId, isSo: (record: TaskRecord) => boolean, signal?: AbortSignal): Promise<TaskRecord>;
  /** What it said. Throws `task_not_found`, `workspace_not_running`, `aborted`. */
  output(id: TaskId, options?: OutputOptions): AsyncGenerator<TaskOutput>;
  /** Takes up what an earlier agent left; nothing begins before. Once, when the workspaces' records are true. */
  reconcile(): void;
}

/** More would only be forgotten there. */
const MOST_LIVE = 10_000;
const CANCEL_MS = 10_000;
const KEPT_MS = 30 * 86_400_000;
const FORGET_EVERY_MS = 3_600_000;

export function createTasks({ store, workspaces, clock, log, newId, limits }: TasksPorts): Tasks {
  const records = createTaskRecords({ store, clock });
  const conductor = createConductor({ records, workspaces, clock, log, limits });
  const creations = createCreationLimit(clock);
  const closing = new AbortController();
  let forgetting: Promise<void> = Promise.resolve();

  function admit(request: TaskRequest, place: TaskPlace, retryOf?: TaskId): TaskRecord {
    const record = admitTask(request, place, {
      id: newId(),
      now: clock.now(),
      ...(retryOf === undefined ? {} : { retryOf }),
    });
    const twin = record.key === undefined ? undefined : store.getByKey(place.id, record.key);
    if (twin !== undefined) {
      if (isSameRequest(twin, record)) return twin;
      throw keyTaken(twin);
    }
    for (const id of record.dependsOn) records.need(id);
    if (request.countedFor !== undefined) creations.count(request.countedFor);
    if (records.live.size >= MOST_LIVE) throw queueFull();
    conductor.watch(place);
    const inserted = records.insert(record);
    conductor.wake();
    return inserted;
  }

  async function forgetOld(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        store.forget(clock.now() - KEPT_MS);
      } catch (error) {
        log.warn("tasks that were over long ago could not be forgotten", { error });
      }
      await clock.sleep(FORGET_EVERY_MS, closing.signal).catch(() => undefined);
    }
  }

  return {
    create: (request) => admit(request, workspaces.named(request.workspace)),
    get: records.need,
    list: (filter) => store.list(filter),
    async cancel(id) {
      const { status, cancelling } = records.need(id);
      if (isFinal(status)) return records.need(id);
      if (status !== "running") {
        const cancelled = records.change(id, { type: "cancelled" });
        conductor.wake();
        return cancelled;
      }
      if (cancelling !== true) records.change(id, { type: "cancelling" });
      conductor.nudge(id);
      using limit = timeLimit(clock, CANCEL_MS);
      const over = records.until(id, (record) => isFinal(record.status), limit.signal);
      // Awaited here: the limit ends with this block.
      return await over.catch(() => records.need(id));
    },
    retry(id, by) {
      const record = records.need(id);
      if (!isFinal(record.status)) throw notOver(record);
      const place = workspaces.find(record.workspace);
      if (place === undefined) throw placeGone(record);
      const { title, spec, priority, retries, restartable, timeoutMs, execution } = record;
      const again: TaskRequest = { workspace: place.name, title, spec, priority, retries, restartable, ...by };
      const given = {
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...(execution === undefined ? {} : { execution }),
      };
      return admit({ ...again, ...given }, place, id);
    },
    changes: (signal) => records.feed.subscribe(AbortSignal.any([signal, closing.signal])),
    until: (id, isSo, signal) => records.until(id, isSo, withClosing(signal)),
    output: (id, options = {}) =>
      readTaskOutput({ records, workspaces, conductor, clock }, id, {
        ...options,
        signal: withClosing(options.signal),
      }),
    reconcile() {
      conductor.begin();
      forgetting = forgetOld();
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await conductor[Symbol.asyncDispose]();
      await forgetting;
    },
  };

  function withClosing(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
  }
}

function queueFull(): WsError<"too_many_requests"> {
  return new WsError("too_many_requests", {
    message: `${MOST_LIVE} tasks wait already.`,
    next: "Go on once some of them are over, or cancel some: ws task list.",
    data: { retryAfterSeconds: 60 },
  });
}

function notOver({ id, status }: TaskRecord): WsError<"illegal_transition"> {
  return new WsError("illegal_transition", {
    message: `The task ${id} is ${status}: it is not over.`,
    next: `Cancel it first: ws task cancel ${id}.`,
    data: { from: status, to: "pending" },
  });
}

function placeGone({ id }: TaskRecord): WsError<"workspace_not_found"> {
  return new WsError("workspace_not_found", {
    message: `The workspace of ${id} was deleted.`,
    next: "Ask for it in another one: ws task add NAME.",
    data: { name: "" },
  });
}
