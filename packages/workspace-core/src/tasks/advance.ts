import { WsError } from "../errors.ts";
import type { RunEnd } from "../runs/runs.ts";
import { isFinal, type TaskFailure, type TaskRecord, type TaskStatus } from "./task.ts";

/** What happens to a task. */
export type TaskEvent =
  | { type: "begun" }
  /** Its run ended; `stopped` where its workspace was stopped under it. */
  | { type: "ended"; end: RunEnd; stopped?: boolean }
  /** Its run could not be begun. */
  | { type: "refused"; error: TaskFailure }
  | { type: "cancelling" }
  | { type: "cancelled"; error?: TaskFailure }
  | { type: "held"; waits: TaskFailure }
  | { type: "asked"; question: string; session?: string }
  | { type: "limited"; until: number; account: string; session?: string }
  | { type: "locked_out"; error: TaskFailure }
  | { type: "resumed" };

/** From which states a thing can happen; none of them is final. */
const FROM: Readonly<Record<TaskEvent["type"], readonly TaskStatus[]>> = {
  begun: ["pending", "limited"],
  ended: ["running"],
  refused: ["pending", "limited", "running"],
  cancelling: ["running"],
  cancelled: ["pending", "running", "waiting_input", "limited", "auth_failed"],
  held: ["pending", "limited"],
  asked: ["running"],
  limited: ["running"],
  locked_out: ["running"],
  resumed: ["waiting_input", "auth_failed"],
};

/** One whose workspace goes again and again is what makes it go. */
const MOST_LOSSES = 10;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 300_000;

/** The task after it happened. Throws `illegal_transition` where it cannot happen to it, as to one that is over. */
export function advance(record: TaskRecord, event: TaskEvent, now: number): TaskRecord {
  if (!FROM[event.type].includes(record.status)) throw illegal(record, event);
  switch (event.type) {
    case "begun": {
      const { notBefore: _notBefore, waits: _waits, exit: _exit, error: _error, question: _q, ...rest } = record;
      return { ...rest, status: "running", attempt: record.attempt + 1, startedAt: now };
    }
    case "ended":
      return ended(record, event.end, event.stopped === true, now);
    case "refused":
      return failed(record, event.error, now);
    case "cancelling":
      return { ...record, cancelling: true };
    case "cancelled":
      return over(record, "cancelled", now, event.error);
    case "held":
      return { ...record, waits: event.waits };
    case "asked": {
      const { type: _type, ...asked } = event;
      return { ...record, ...asked, status: "waiting_input" };
    }
    case "limited": {
      const { type: _type, until, ...limited } = event;
      return { ...record, ...limited, status: "limited", notBefore: until };
    }
    case "locked_out":
      return { ...record, status: "auth_failed", error: event.error };
    case "resumed": {
      const { error: _error, question: _question, ...rest } = record;
      return { ...rest, status: "pending" };
    }
  }
}

function ended(record: TaskRecord, { how, code, signal }: RunEnd, stopped: boolean, now: number): TaskRecord {
  const exit = code === undefined ? {} : { exit: { code, ...(signal === undefined ? {} : { signal }) } };
  const told = { ...record, ...exit };
  if (how === "exit" && code === 0) return over(told, "completed", now);
  if (how === "cancelled" || record.cancelling === true) return over(told, "cancelled", now);
  if (how === "timeout") {
    const message = `It was ended after ${(record.timeoutMs ?? 0) / 1_000} s, its time limit.`;
    return failed(told, { code: "timeout", message, next: "Give it more time: --timeout." }, now);
  }
  if (how === "lost") return lost(told, stopped, now);
  const message =
    signal === undefined
      ? `Its program ended with exit code ${code}.`
      : `Its program was ended by ${signal}${signal === "SIGKILL" ? ", as happens where memory runs out" : ""}.`;
  return failed(told, { code: "command_failed", message }, now);
}

/** Whether it had done its work when its workspace went, nobody knows. */
function lost(record: TaskRecord, stopped: boolean, now: number): TaskRecord {
  const losses = record.losses + 1;
  if (record.restartable && losses <= MOST_LOSSES) return again({ ...record, losses }, now);
  const error = stopped
    ? { code: "workspace_stopped", message: "Its workspace was stopped while it ran." }
    : { code: "task_lost", message: "Its workspace went while it ran, so that nobody knows how it ended." };
  const next = "See what it did, then try it again: ws task retry.";
  return failed({ ...record, losses }, { ...error, next }, now);
}

function failed(record: TaskRecord, error: TaskFailure, now: number): TaskRecord {
  if (record.cancelling === true) return over(record, "cancelled", now);
  if (record.retriesLeft === 0) return over(record, "failed", now, error);
  return { ...again(record, now), retriesLeft: record.retriesLeft - 1, error };
}

function again(record: TaskRecord, now: number): TaskRecord {
  const backoff = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(record.attempt - 1, 20));
  return { ...record, status: "pending", notBefore: now + backoff };
}

function over(record: TaskRecord, status: TaskStatus, now: number, error?: TaskFailure): TaskRecord {
  const { cancelling: _cancelling, waits: _waits, notBefore: _notBefore, error: _error, ...rest } = record;
  return { ...rest, status, completedAt: now, ...(error === undefined ? {} : { error }) };
}

function illegal({ id, status }: TaskRecord, { type }: TaskEvent): WsError<"illegal_transition"> {
  return new WsError("illegal_transition", {
    message: `The task ${id} is ${status}${isFinal(status) ? ", which is final" : ""}: it cannot be ${type}.`,
    next: "Try it again as a new task: ws task retry.",
    data: { from: status, to: type },
  });
}
