import type { NotificationKind } from "@ws/rpc-contract";
import type { TaskRecord } from "@ws/workspace-core";

/** What a browser shows, and where a press on it leads. */
export interface News {
  kind: NotificationKind;
  /** One of the same tag takes the place of the one before. */
  tag: string;
  title: string;
  body: string;
  /** Of the dashboard. */
  path: string;
  /** What is asked, where a press or two can answer it. */
  asks?: Asks;
}

/** A question that can be answered where it is shown: of this try of the task, and of no other. */
export interface Asks {
  task: string;
  attempt: number;
  reason: "question" | "permission";
  options: readonly string[];
  permissions?: string;
}

/** Browsers show two buttons at most, and not much on each. */
const MOST_OPTIONS = 2;
/** As it is shown it is sent: nothing in it may be hidden, or turn what is seen around. */
const PLAIN = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,40}$/u;

/** What there is to tell of a task as it is now; nothing as long as it needs nobody. `workspace` is its name. */
export function newsOf(record: TaskRecord, workspace: string | undefined): News | undefined {
  const kind = kindOf(record.status);
  if (kind === undefined) return undefined;
  const where = workspace === undefined ? "" : `${workspace}: `;
  const place = workspace === undefined ? "/tasks" : `/w/${workspace}/tasks`;
  const path = `${place}?task=${record.id}`;
  return {
    kind,
    tag: record.id,
    title: `${where}${saidOf(record)}`,
    body: record.question?.text ?? record.title,
    path,
    ...asksOf(record),
  };
}

function asksOf({ id, attempt, status, question, spec }: TaskRecord): { asks?: Asks } {
  if (status !== "waiting_input" || question === undefined) return {};
  const { options = [], reason } = question;
  const isShort = options.length <= MOST_OPTIONS && options.every((option) => PLAIN.test(option));
  if (!isShort || (options.length === 0 && reason !== "permission")) return {};
  const permissions = spec.kind === "agent" ? spec.permissions : undefined;
  return { asks: { task: id, attempt, reason, options, ...(permissions !== undefined && { permissions }) } };
}

/** As long as a task is so, somebody has to do something. */
export const ASKING: readonly TaskRecord["status"][] = ["waiting_input", "auth_failed", "limited"];

function kindOf(status: TaskRecord["status"]): NotificationKind | undefined {
  if (ASKING.includes(status)) return "asks";
  switch (status) {
    case "failed":
      return "failed";
    case "completed":
      return "finished";
    default:
      return undefined;
  }
}

function saidOf({ status, spec }: TaskRecord): string {
  const who = spec.kind === "agent" ? spec.tool : "a task";
  switch (status) {
    case "waiting_input":
      return `${who} asks you`;
    case "auth_failed":
      return `${who} needs a sign-in`;
    case "limited":
      return `${who} is at its limit`;
    case "failed":
      return "a task failed";
    default:
      return "a task is done";
  }
}
