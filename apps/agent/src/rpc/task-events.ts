import type { TaskEvent } from "@ws/rpc-contract";
import { isFinal, TASK_STATUSES, type TaskRecord, type WorkspaceId } from "@ws/workspace-core";
import type { OpenTasks } from "./open-tasks.ts";

interface TaskWatch {
  /** Which workspace it is about; undefined as long as there is none of the name that was asked for. Absent: all. */
  of?: (() => WorkspaceId | undefined) | undefined;
  /** What ended since this instant, in milliseconds, is in the snapshot too. */
  since?: number | undefined;
  signal: AbortSignal;
}

/** Those that are not over, then every change. */
export async function* watchTasks(
  { tasks, show }: OpenTasks,
  { of, since, signal }: TaskWatch,
): AsyncGenerator<TaskEvent> {
  // Subscribed before the snapshot is taken, so that no change falls in between.
  const changes = tasks.changes(signal);
  const list = (statuses: readonly TaskRecord["status"][], limit?: number): readonly TaskRecord[] => {
    const workspace = of?.();
    if (of !== undefined && workspace === undefined) return [];
    return tasks.list({ statuses, ...(workspace && { workspace }), ...(limit !== undefined && { limit }) });
  };
  const ended = since === undefined ? [] : list(FINAL, MOST_ENDED);
  const missed = ended.filter(({ completedAt = 0 }) => completedAt >= (since ?? 0));
  yield { type: "snapshot", tasks: [...list(LIVE), ...missed].map(show) };
  for await (const record of changes) {
    if (of === undefined || record.workspace === of()) yield { type: "changed", task: show(record) };
  }
}

const FINAL = TASK_STATUSES.filter(isFinal);
const LIVE = TASK_STATUSES.filter((status) => !isFinal(status));
const MOST_ENDED = 1_000;
