import type { TaskInfo } from "@ws/rpc-contract";
import { printable } from "../../output/printable.ts";
import { localTime } from "../../output/time.ts";

export function isOver({ status }: TaskInfo): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

/** One task in one line: `task-0123456789ab  failed (exit code 2)  npm test`. */
export function describeTask(task: TaskInfo): string {
  return [task.id, statusOf(task), printable(task.title)].join("  ");
}

/** Its state, and what made it so. */
export function statusOf(task: TaskInfo): string {
  const { status, exitCode, error, waits, waitsFor = [], cancelling, attempt, notBefore } = task;
  const [before] = waitsFor;
  if (status === "limited" && notBefore !== undefined) return `${status} until ${localTime(notBefore)}`;
  if (cancelling === true) return `${status} (being cancelled)`;
  if (before !== undefined) return `${status} (after ${before}${andMore(waitsFor)})`;
  if (status === "pending" && waits !== undefined) return `${status} (${waits.code})`;
  if (status === "pending" && attempt > 0) return `${status} (attempt ${attempt + 1} follows)`;
  if (status === "pending" && notBefore !== undefined) return `${status} (not yet due)`;
  if (status === "failed" && error?.code === "command_failed") return `${status} (exit code ${exitCode ?? "unknown"})`;
  if (error !== undefined && (status === "failed" || status === "cancelled")) return `${status} (${error.code})`;
  return status;
}

/** ` and 2 more`, of those that are named by their first. */
export function andMore({ length }: readonly string[]): string {
  return length > 1 ? ` and ${length - 1} more` : "";
}
