import { WsError } from "../errors.ts";
import type { TaskRecord } from "./task.ts";

/** Throws `invalid_input` where a task asks something and gets no answer: only what it was not allowed to do can be let go on without words. */
export function requireAnswer(
  { id, status, question }: Pick<TaskRecord, "id" | "status" | "question">,
  { prompt, permissions }: { prompt?: string; permissions?: string },
): void {
  if (status !== "waiting_input" || prompt !== undefined) return;
  const { text = "It did not say what.", options = [], reason } = question ?? {};
  const mayAllow = reason === "permission";
  if (mayAllow && permissions !== undefined) return;
  const choices = options.map((option) => `\n- ${option}`).join("");
  const allow = mayAllow ? `, or let it: ws task resume ${id} --permissions all` : "";
  throw new WsError("invalid_input", {
    message: `The task ${id} waits for an answer, and got none: ${text}${choices}`,
    next: `Answer: ws task resume ${id} "ANSWER"${allow}.`,
    data: { field: "prompt" },
  });
}

/** Throws `question_over` where it is not this try of the task that waits for an answer now. */
export function requireAsked({ id, status, attempt }: TaskRecord, asked: number): void {
  if (status === "waiting_input" && attempt === asked) return;
  const now = status === "waiting_input" ? "it asks something else now" : `it is ${status} now`;
  throw new WsError("question_over", {
    message: `What the task ${id} asked is over: ${now}.`,
    next: `Look at it: ws task show ${id}.`,
    data: { task: id },
  });
}

/** What has not begun yet has nothing to answer. */
export function notWaiting({ id, status }: TaskRecord): WsError<"illegal_transition"> {
  return new WsError("illegal_transition", {
    message: `The task ${id} is ${status}: it waits for nobody's answer.`,
    next: `See what it waits for: ws task show ${id}.`,
    data: { from: status, to: "pending" },
  });
}

export function noSession({ id, spec }: TaskRecord): WsError<"session_missing"> {
  const message = spec.kind === "agent" ? "its tool never named one" : "it is not a coding tool's";
  return new WsError("session_missing", {
    message: `The task ${id} has no conversation to go on with: ${message}.`,
    next: `Ask for it anew: ws task retry ${id}.`,
    data: { task: id },
  });
}

export function notOver({ id, status }: TaskRecord): WsError<"illegal_transition"> {
  return new WsError("illegal_transition", {
    message: `The task ${id} is ${status}: it is not over.`,
    next: `Cancel it first: ws task cancel ${id}.`,
    data: { from: status, to: "pending" },
  });
}

export function placeGone({ id }: TaskRecord): WsError<"workspace_not_found"> {
  return new WsError("workspace_not_found", {
    message: `The workspace of ${id} was deleted.`,
    next: "Ask for it in another one: ws task add NAME.",
    data: { name: "" },
  });
}
