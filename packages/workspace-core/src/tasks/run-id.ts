import type { TaskId, TaskRecord } from "./task.ts";

/** The run of its present attempt. */
export function runIdOf({ id, attempt }: Pick<TaskRecord, "id" | "attempt">): string {
  return `${id}.${attempt}`;
}

/** Which attempt of which task a run is; undefined for one that is none. */
export function attemptOf(runId: string): { id: TaskId; attempt: number } | undefined {
  const [, id, attempt] = /^(task-[a-z0-9]{12})\.([0-9]{1,9})$/.exec(runId) ?? [];
  return id === undefined ? undefined : { id: id as TaskId, attempt: Number(attempt) };
}
