import { WsError, type ErrorCode } from "../errors.ts";
import type { RunEnd } from "../runs/runs.ts";
import type { WorkspaceId } from "../workspace.ts";
import {
  isFinal,
  type AgentPermissions,
  type AgentUsage,
  type TaskFailure,
  type TaskQuestion,
  type TaskRecord,
  type TaskRights,
  type TaskStatus,
} from "./task.ts";

/** What happens to a task. */
export type TaskEvent =
  /** It has its own workspace now. */
  | { type: "placed"; workspace: WorkspaceId; lease: string }
  | { type: "begun" }
  /** Whose usage it counts into is known. */
  | { type: "billed"; account: string }
  /** Its tool said something that is kept. */
  | { type: "told"; session?: string; result?: string; usage?: AgentUsage }
  /**
   * Its run ended; `stopped` where its workspace was stopped under it. `done` is what a coding tool said of it, where that counts more than the exit
   * code: true, or why not.
   */
  | { type: "ended"; end: RunEnd; stopped?: StopReason; done?: true | TaskFailure }
  /** Its run could not be begun. */
  | { type: "refused"; error: TaskFailure }
  | { type: "cancelling" }
  | { type: "cancelled"; error?: TaskFailure }
  | { type: "held"; waits: TaskFailure }
  /** It does not wait for that any more. */
  | { type: "freed" }
  | { type: "asked"; question: TaskQuestion }
  /** Its account met its usage limit. */
  | { type: "limited"; until: number }
  /** Its tool has no key, or none that holds. */
  | { type: "locked_out"; error: TaskFailure }
  /** Somebody wants it to go on: with an answer, or as it would by itself. */
  | { type: "resumed"; prompt?: string; permissions?: AgentPermissions; rights?: TaskRights };

/** How a workspace went under what ran in it. */
export type StopReason = "stopped" | "restarted";

/** From which states a thing can happen; none of them is final. */
const FROM: Readonly<Record<TaskEvent["type"], readonly TaskStatus[]>> = {
  placed: ["pending"],
  begun: ["pending", "limited"],
  billed: ["pending", "limited"],
  told: ["running"],
  ended: ["running"],
  refused: ["pending", "limited", "running"],
  cancelling: ["running"],
  cancelled: ["pending", "running", "waiting_input", "limited", "auth_failed"],
  held: ["pending", "limited"],
  freed: ["pending", "limited"],
  asked: ["running"],
  limited: ["running"],
  locked_out: ["pending", "limited", "running"],
  resumed: ["pending", "waiting_input", "auth_failed", "limited"],
};

/** One whose workspace goes again and again is what makes it go. */
const MOST_LOSSES = 10;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 300_000;
/** What a further attempt would only meet again. */
const LASTING: ReadonlySet<string> = new Set<ErrorCode>([
  "tool_missing",
  "tool_unknown",
  "session_missing",
  "command_not_allowed",
  "unauthorized",
]);

/** The task after it happened. Throws `illegal_transition` where it cannot happen to it, as to one that is over. */
export function advance(record: TaskRecord, event: TaskEvent, now: number): TaskRecord {
  if (!FROM[event.type].includes(record.status)) throw illegal(record, event);
  const next = after(record, event, now);
  return next.status === record.status ? next : { ...next, changedAt: now };
}

function after(record: TaskRecord, event: TaskEvent, now: number): TaskRecord {
  switch (event.type) {
    case "placed": {
      const { waits: _waits, lease, ...rest } = record;
      if (lease === undefined) throw illegal(record, event);
      return { ...rest, workspace: event.workspace, lease: { ...lease, id: event.lease } };
    }
    case "begun": {
      const { notBefore: _notBefore, waits: _waits, exit: _exit, error: _error, ahead: _ahead, ...rest } = record;
      return { ...rest, status: "running", attempt: record.attempt + 1, startedAt: now };
    }
    case "billed":
      return { ...record, account: event.account };
    case "told": {
      const { type: _type, ...told } = event;
      // A tool that names its conversation has read what it was told.
      const { followUp, ...rest } = record;
      return { ...rest, ...(told.session === undefined && followUp !== undefined ? { followUp } : {}), ...told };
    }
    case "ended":
      return ended(record, event, now);
    case "refused":
      return failed(record, event.error, now);
    case "cancelling":
      return { ...record, cancelling: true };
    case "cancelled":
      return over(record, "cancelled", now, event.error);
    case "held":
      return { ...record, waits: event.waits };
    case "freed": {
      const { waits: _waits, ...rest } = record;
      return rest;
    }
    case "asked":
      return waiting(record, { status: "waiting_input", question: event.question }, now);
    case "limited":
      return waiting(record, { status: "limited", notBefore: event.until }, now);
    case "locked_out":
      return waiting(record, { status: "auth_failed", error: event.error }, now);
    case "resumed":
      return resumed(record, event);
  }
}

/** It is not over, and nothing of it runs: where its end was asked for, that is its end. */
function waiting(record: TaskRecord, news: Pick<TaskRecord, "status"> & Partial<TaskRecord>, now: number): TaskRecord {
  if (record.cancelling === true) return over(record, "cancelled", now);
  const { waits: _waits, ...rest } = record;
  return { ...rest, ...news };
}

function resumed(
  record: TaskRecord,
  { prompt, permissions, rights }: Extract<TaskEvent, { type: "resumed" }>,
): TaskRecord {
  const { error: _error, question: _question, notBefore: _notBefore, waits: _waits, rights: _rights, ...rest } = record;
  const { spec } = record;
  return {
    ...rest,
    ...(permissions === undefined || spec.kind !== "agent" ? {} : { spec: { ...spec, permissions } }),
    ...(prompt === undefined ? {} : { followUp: prompt }),
    ...(rights === undefined ? {} : { rights }),
    status: "pending",
    ahead: true,
  };
}

function ended(
  record: TaskRecord,
  { end: { how, code, signal }, stopped, done }: Extract<TaskEvent, { type: "ended" }>,
  now: number,
): TaskRecord {
  const exit = code === undefined ? {} : { exit: { code, ...(signal === undefined ? {} : { signal }) } };
  const told = { ...record, ...exit };
  if (how === "exit" && (done ?? code === 0) === true) return over(told, "completed", now);
  if (how === "cancelled" || record.cancelling === true) return over(told, "cancelled", now);
  if (how === "timeout") {
    const message = `It was ended after ${(record.timeoutMs ?? 0) / 1_000} s, its time limit.`;
    return failed(told, { code: "timeout", message, next: "Give it more time: --timeout." }, now);
  }
  if (how === "lost") return lost(told, stopped, now);
  if (typeof done === "object") return failed(told, done, now);
  const message =
    signal === undefined
      ? `Its program ended with exit code ${code}.`
      : `Its program was ended by ${signal}${signal === "SIGKILL" ? ", as happens where memory runs out" : ""}.`;
  return failed(told, { code: "command_failed", message }, now);
}

/** Whether it had done its work when its workspace went, nobody knows. */
function lost(record: TaskRecord, stopped: StopReason | undefined, now: number): TaskRecord {
  const losses = record.losses + 1;
  if (record.restartable && losses <= MOST_LOSSES) return again({ ...record, losses }, now);
  const error =
    stopped === undefined
      ? { code: "task_lost", message: "Its workspace went while it ran, so that nobody knows how it ended." }
      : { code: "workspace_stopped", message: `Its workspace was ${stopped} while it ran.` };
  const next =
    record.session === undefined
      ? `See what it did, then try it again: ws task retry ${record.id}.`
      : `Go on with its conversation: ws task resume ${record.id} "Continue."`;
  return failed({ ...record, losses }, { ...error, next }, now);
}

function failed(record: TaskRecord, error: TaskFailure, now: number): TaskRecord {
  if (record.cancelling === true) return over(record, "cancelled", now);
  if (record.retriesLeft === 0 || LASTING.has(error.code)) return over(record, "failed", now, error);
  return { ...again(record, now), retriesLeft: record.retriesLeft - 1, error };
}

function again(record: TaskRecord, now: number): TaskRecord {
  const backoff = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(record.attempt - 1, 20));
  return { ...record, status: "pending", notBefore: now + backoff };
}

function over(record: TaskRecord, status: TaskStatus, now: number, error?: TaskFailure): TaskRecord {
  const { cancelling: _cancelling, waits: _waits, notBefore, error: before, ...kept } = record;
  const { question: _question, followUp: _followUp, ahead: _ahead, ...rest } = kept;
  // A retry begins no earlier than was asked for; what came of a failure is over with it.
  const isAsked = notBefore !== undefined && record.attempt === 0 && before === undefined;
  return {
    ...rest,
    status,
    completedAt: now,
    ...(isAsked ? { notBefore } : {}),
    ...(error === undefined ? {} : { error }),
  };
}

function illegal({ id, status }: TaskRecord, { type }: TaskEvent): WsError<"illegal_transition"> {
  return new WsError("illegal_transition", {
    message: `The task ${id} is ${status}${isFinal(status) ? ", which is final" : ""}: it cannot be ${type}.`,
    next: isFinal(status)
      ? `Try it again as a new task: ws task retry ${id}.`
      : `Follow it: ws task logs ${id} -f. Or end it: ws task cancel ${id}.`,
    data: { from: status, to: type },
  });
}
