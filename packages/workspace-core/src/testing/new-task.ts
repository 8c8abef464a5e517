import type { TaskRecord } from "../tasks/task.ts";

let ids = 0;

/** A task that waits, as a create leaves it. */
export function newTask(more: Partial<TaskRecord> = {}): TaskRecord {
  return {
    id: `task-${(ids++).toString(36).padStart(12, "0")}`,
    workspace: "ws-a",
    title: "make",
    spec: { kind: "command", argv: ["make"] },
    status: "pending",
    priority: 0,
    dependsOn: [],
    retries: 0,
    retriesLeft: 0,
    restartable: false,
    losses: 0,
    createdAt: 1,
    changedAt: 1,
    attempt: 0,
    createdBy: "ada",
    ...more,
  };
}
