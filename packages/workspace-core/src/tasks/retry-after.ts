import { WsError } from "../errors.ts";
import { isFinal, type TaskId, type TaskRecord } from "./task.ts";
import type { TaskStore } from "./task-store.ts";

/**
 * What a retry waits for: each task that the first try came after stands for its latest retry. Throws `dependency_failed` where that came to a bad end, or where nobody
 * knows any more how it ended.
 */
export function retryAfter(record: TaskRecord, store: Pick<TaskStore, "latestRetry">): TaskId[] {
  return record.dependsOn.flatMap((asked) => {
    const latest = store.latestRetry(asked);
    // What has begun once saw all of them completed.
    if (latest === undefined && record.attempt > 0) return [];
    if (latest === undefined) throw forgotten(record, asked);
    if (isFinal(latest.status) && latest.status !== "completed") throw notCompleted(record, latest);
    return [latest.id];
  });
}

function notCompleted({ id }: TaskRecord, { id: other, status }: TaskRecord): WsError<"dependency_failed"> {
  return new WsError("dependency_failed", {
    message: `The task ${id} comes after ${other}, which ${status === "failed" ? "failed" : "was cancelled"}.`,
    next: `Try that one again first: ws task retry ${other}.`,
    data: { task: other },
  });
}

function forgotten({ id }: TaskRecord, other: TaskId): WsError<"dependency_failed"> {
  return new WsError("dependency_failed", {
    message: `The task ${id} comes after ${other}, which is forgotten: nobody knows whether it was completed.`,
    next: "Ask for it anew, after what it is to wait for now: ws task add NAME --after TASK.",
    data: { task: other },
  });
}
