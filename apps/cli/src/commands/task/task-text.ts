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
export function statusOf({ status, exitCode, error, waits, cancelling, attempt, notBefore }: TaskInfo): string {
  const words = status.replace("_", " ");
  if (status === "limited" && notBefore !== undefined) return `${words} until ${localTime(notBefore)}`;
  if (cancelling === true) return `${words} (being cancelled)`;
  if (status === "pending" && waits !== undefined) return `${words} (${waits.code})`;
  if (status === "pending" && attempt > 0) return `${words} (attempt ${attempt + 1} follows)`;
  if (status === "pending" && notBefore !== undefined) return `${words} (not yet due)`;
  if (status === "failed" && error?.code === "command_failed") return `${words} (exit code ${exitCode ?? "unknown"})`;
  if (error !== undefined && (status === "failed" || status === "cancelled")) return `${words} (${error.code})`;
  return words;
}
