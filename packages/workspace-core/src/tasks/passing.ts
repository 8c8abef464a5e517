import { isWsError, type ErrorCode, type WsError } from "../errors.ts";
import type { TaskFailure } from "./task.ts";

const PASSING: ReadonlySet<ErrorCode> = new Set([
  "aborted",
  "interrupted",
  "engine_unreachable",
  "engine_lost",
  "engine_restarted",
  "box_closed",
  "box_unavailable",
  "connection_closed",
  "workspace_not_running",
  "disk_full",
  "timeout",
]);

/** Whether it says nothing of the task: the same may succeed later. */
export function isPassing(error: unknown): boolean {
  return isWsError(error) && PASSING.has(error.code);
}

export function failureOf({ code, message, next }: WsError): TaskFailure {
  return { code, message, ...(next === undefined ? {} : { next }) };
}
