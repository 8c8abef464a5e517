import { WsError } from "../errors.ts";
import { timeLimit } from "../time-limit.ts";
import type { Clock, Log } from "../ports.ts";
import type { TaskLimits } from "./choose.ts";
import { createConductor } from "./conductor.ts";
import { createCreationLimit } from "./creation-limit.ts";
import { createAccounts } from "./agents/accounts.ts";
import { NO_AGENTS, type TaskAgents, toolUnknown } from "./agents/task-agents.ts";
import {
  type AgentPermissions,
  isFinal,
  type TaskFailure,
  type TaskId,
  type TaskLease,
  type TaskRecord,
  type TaskSpec,
} from "./task.ts";
import type { TaskLeases } from "./leasing.ts";
import { numberZero } from "./number-zero.ts";
import { type OutputOptions, readTaskOutput, type TaskOutput } from "./task-output.ts";
import { noSession, notOver, notWaiting, placeGone, requireAnswer, requireAsked } from "./again-refusals.ts";
import { requireRoom } from "./queue-room.ts";
import { retryAfter } from "./retry-after.ts";
import { createTaskRecords } from "./task-records.ts";
import { admitTask, isSameRequest, type LeasedTaskRequest, requirePrompt, type TaskRequest } from "./task-request.ts";
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
  /** The coding tools that tasks can ask for; none where absent. */
  agents?: TaskAgents;
  /** Where tasks get workspaces of their own; they can have none where absent. */
  leases?: TaskLeases;
  /**
   * Asked before each attempt, and again where one was to begin when an agent was killed. Throws why a task may not begin, such as `command_not_allowed`; nothing keeps one where absent.
   */
  demand?: (record: TaskRecord) => void;
}

/** Who asks, and what that may do. */
export type Asker = Pick<TaskRequest, "createdBy" | "countedFor" | "rights">;

export interface ResumeOptions {
  /** The answer, or what is to be done further. */
  prompt?: string;
  /** What it may do from now on. */
  permissions?: AgentPermissions;
  /** Which try of it asked what is answered. */
  attempt?: number;
}

/**
 * The queue of all workspaces. What is recorded here is true before it is done: a task is recorded to run before its program is started, and
 * whatever happens to the agent, each is started at most once for each attempt and comes to exactly one end.
 */
export interface Tasks extends AsyncDisposable {
  /**
   * Recorded once this returns; a workspace that is stopped is started for it. Throws `workspace_not_found`, `invalid_input`, `task_not_found` for what it
   * depends on, `tool_unknown`, `idempotency_mismatch`, `too_many_requests`.
   */
  create(request: TaskRequest): TaskRecord;
  /**
   * The same for one that takes a numbered workspace for itself when its turn comes; until then it is at number 0 of its project. Throws what `create` throws but `workspace_not_found`.
   */
  createLeased(request: LeasedTaskRequest): TaskRecord;
  /** Throws `task_not_found`. */
  get(id: TaskId): TaskRecord;
  /** The last created first. */
  list(filter?: TaskFilter): TaskRecord[];
  /** Resolves once nothing of it runs, or after ten seconds; it is cancelled all the same then. One that is over stays as it is. Throws `task_not_found`. */
  cancel(id: TaskId): Promise<TaskRecord>;
  /**
   * A new task that asks for the same. What it comes after stands for its latest retry: it waits for that, and needs no more where that is completed. Throws
   * `illegal_transition` where it is not over, `dependency_failed` where one before it was not completed, and what `create` throws.
   */
  retry(id: TaskId, by: Asker): TaskRecord;
  /** What a task waits for that its record does not say: the end of its account's limit, which another task met, or of what holds all of coding tools. */
  held(record: TaskRecord): TaskFailure | undefined;
  /** Which of those it depends on it still waits for. */
  waitsFor(record: TaskRecord): readonly TaskId[];
  /**
   * Lets a task of a coding tool go on in its conversation. One that waits, for an answer, a key or the end of a limit, becomes the next of its priority; of one
   * that is over this makes a new task, which needs a prompt. Throws `task_not_found`, `invalid_input` where it asks and gets no answer, `session_missing` where it has no conversation, `illegal_transition` where
   * it runs or waits for its turn, and what `create` throws. With `attempt`, that try of it has to wait for an answer, or nothing happens and it throws
   * `question_over`: whoever answers what they were shown answers nothing else.
   */
  resume(id: TaskId, options: Asker & ResumeOptions): TaskRecord;
  /** Each task as it is after a change, from now on; to a slow reader only as it is in the end. */
  changes(signal: AbortSignal): AsyncIterable<TaskRecord>;
  /** Resolves once it is so, at the latest when the signal aborts: with `aborted` then. */
  until(id: TaskId, isSo: (record: TaskRecord) => boolean, signal?: AbortSignal): Promise<TaskRecord>;
  /** What it said. Throws `task_not_found`, `workspace_not_running`, `aborted`. */
  output(id: TaskId, options?: OutputOptions): AsyncGenerator<TaskOutput>;
  /** The limits, or what holds tasks, may have changed. */
  look(): void;
  /** Takes up what an earlier agent left; nothing begins before. Once, when the workspaces' records are true. */
  reconcile(): void;
}

const CANCEL_MS = 10_000;
const KEPT_MS = 30 * 86_400_000;
const FORGET_EVERY_MS = 3_600_000;

export function createTasks(ports: TasksPorts): Tasks {
  const { store, workspaces, clock, log, newId, limits, agents = NO_AGENTS, demand = () => undefined, leases } = ports;
  const records = createTaskRecords({ store, clock });
  const accounts = createAccounts({ store, clock });
  const conductor = createConductor({ records, accounts, workspaces, clock, log, limits, agents, demand, leases });
  const creations = createCreationLimit(clock);
  const closing = new AbortController();
  let forgetting: Promise<void> = Promise.resolve();

  function admit(
    request: Omit<TaskRequest, "workspace">,
    place: Pick<TaskPlace, "id" | "execution">,
    origin: { retryOf?: TaskId; followUpOf?: TaskId; lease?: TaskLease } = {},
  ): TaskRecord {
    const record = admitTask(request, place, { id: newId(), now: clock.now(), ...origin });
    requireTool(record.spec, agents);
    const twin = record.key === undefined ? undefined : store.getByKey(place.id, record.key);
    if (twin !== undefined) {
      if (isSameRequest(twin, record)) return twin;
      throw keyTaken(twin);
    }
    for (const id of record.dependsOn) records.need(id);
    if (request.countedFor !== undefined) creations.count(request.countedFor);
    requireRoom(records);
    const there = workspaces.find(place.id);
    if (there !== undefined) conductor.watch(there);
    const inserted = records.insert(record);
    conductor.wake();
    return inserted;
  }

  /** Asks for something in the workspace of another task, as that did. */
  function askAgain(
    record: TaskRecord,
    asked: Omit<TaskRequest, "workspace">,
    origin: { retryOf?: TaskId; followUpOf?: TaskId },
  ): TaskRecord {
    const place = workspaces.find(record.workspace);
    const { priority, retries, restartable, timeoutMs, execution } = record;
    const again = {
      ...asked,
      priority,
      retries,
      restartable,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(execution === undefined ? {} : { execution }),
    };
    if (place !== undefined) return admit(again, place, origin);
    // What it was to work in was its own: it takes another.
    if (record.lease === undefined || origin.retryOf === undefined) throw placeGone(record);
    return admitLeased({ ...again, lease: record.lease }, origin);
  }

  function admitLeased({ lease, ...request }: LeasedTaskRequest, origin: { retryOf?: TaskId } = {}): TaskRecord {
    const { reference, resolved, profile } = lease;
    const place = { id: numberZero(resolved.projectName) };
    return admit(request, place, { ...origin, lease: { reference, resolved, profile } });
  }

  function heldOf(record: TaskRecord): TaskFailure | undefined {
    const { spec, status, waits } = record;
    const isKept = spec.kind === "agent" && status === "pending" && waits === undefined;
    return accountHeld(record) ?? (isKept ? limits().hold : undefined);
  }

  function accountHeld({ spec, status, account = "", notBefore = 0, waits }: TaskRecord): TaskFailure | undefined {
    const until = accounts.held.get(account) ?? 0;
    if (spec.kind !== "agent" || status !== "pending" || waits !== undefined) return undefined;
    return until > Math.max(clock.now(), notBefore) ? accountLimited(spec.tool, until) : undefined;
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
    createLeased: (request) => admitLeased(request),
    get: records.need,
    held: heldOf,
    waitsFor: ({ id }) => records.live.get(id)?.dependsOn ?? [],
    list: (filter) => store.list(filter),
    async cancel(id) {
      const { status, cancelling } = records.need(id);
      if (isFinal(status)) return records.need(id);
      if (status !== "running") {
        const cancelled = records.change(id, { type: "cancelled" });
        // It may be about to begin.
        conductor.nudge(id);
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
      const { spec, title, notBefore } = record;
      const asked = { spec, title, dependsOn: retryAfter(record, store), ...by };
      return askAgain(record, notBefore === undefined ? asked : { ...asked, notBefore }, { retryOf: id });
    },
    resume(id, { prompt, permissions, attempt, ...by }) {
      const record = records.need(id);
      if (attempt !== undefined) requireAsked(record, attempt);
      const { spec, status, session } = record;
      if (spec.kind !== "agent") throw noSession(record);
      if (prompt !== undefined) requirePrompt(prompt);
      // What has not begun yet has nothing to answer; that its account is held is all that keeps it.
      if (status === "pending" && (prompt !== undefined || accountHeld(record) === undefined)) throw notWaiting(record);
      const news = {
        ...(prompt === undefined ? {} : { prompt }),
        ...(permissions === undefined ? {} : { permissions }),
      };
      requireAnswer(record, news);
      if (!isFinal(status)) {
        const { rights } = by;
        const resumed = records.change(id, { type: "resumed", ...news, ...(rights === undefined ? {} : { rights }) });
        // Whoever says that it may go on says that its limit is over.
        const { account } = record;
        if (status !== "waiting_input" && account !== undefined) accounts.tryNow(account);
        conductor.wake();
        return resumed;
      }
      if (session === undefined) throw noSession(record);
      const { action: _action, about: _about, ...asked } = spec;
      const further = {
        ...asked,
        ...(permissions === undefined ? {} : { permissions }),
        session,
        prompt: prompt ?? "",
      };
      return askAgain(record, { spec: further, ...by }, { followUpOf: id });
    },
    changes: (signal) => records.feed.subscribe(AbortSignal.any([signal, closing.signal])),
    until: (id, isSo, signal) => records.until(id, isSo, withClosing(signal)),
    output: (id, options = {}) =>
      readTaskOutput({ records, workspaces, conductor, clock }, id, {
        ...options,
        signal: withClosing(options.signal),
      }),
    look: conductor.wake,
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

function requireTool(spec: TaskSpec, { find }: TaskAgents): void {
  if (spec.kind !== "agent") return;
  const tool = find(spec.tool);
  if (tool === undefined) throw toolUnknown(spec.tool);
  if (tool.needsModel !== true || spec.model !== undefined) return;
  throw new WsError("invalid_input", {
    message: `${tool.name} is only started with a model.`,
    next: "Name one: --model PROVIDER/MODEL.",
    data: { field: "model" },
  });
}

function accountLimited(tool: string, until: number): TaskFailure {
  return {
    code: "account_limited",
    message: `The account of ${tool} met its usage limit, which ends at ${new Date(until).toISOString()}.`,
    next: "It begins by itself then; to try at once: ws task resume.",
  };
}
