import type { TaskInfo } from "@ws/rpc-contract";

/** A task as those know it who only ask whether it is over, and how. */
export interface SeedTask {
  id: string;
  workspaceId: string;
  title: string;
  prompt: string;
  status: "pending" | "running" | "completed" | "failed";
  /** What its tool said at last. */
  output: string | null;
  error: string | null;
  /** What can be done about `error`, where something can. */
  next?: string;
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
  /** Its state in this product's own words, and what it waits to be told. */
  state: TaskInfo["status"];
  question?: TaskInfo["question"];
}

const STATUSES: Readonly<Record<TaskInfo["status"], SeedTask["status"]>> = {
  pending: "pending",
  running: "running",
  // Nothing of it runs until somebody did something, or its time has come; it is not over either.
  waiting_input: "pending",
  limited: "pending",
  auth_failed: "pending",
  completed: "completed",
  failed: "failed",
  cancelled: "failed",
};

/** `said` is what the tool has said by now, where it is not over yet. */
export function toSeedTask(task: TaskInfo, said: string): SeedTask {
  const { id, workspaceId, title, prompt, status, result, error, waits, question } = task;
  const output = result ?? said;
  const failure = error ?? waits;
  const why = failure?.message ?? (status === "cancelled" ? "It was cancelled." : undefined);
  return {
    id,
    workspaceId,
    title,
    prompt,
    status: STATUSES[status],
    output: output === "" ? null : output,
    error: why ?? null,
    ...(failure?.next === undefined ? {} : { next: failure.next }),
    createdAt: task.createdAt,
    startedAt: task.startedAt ?? null,
    completedAt: task.completedAt ?? null,
    state: status,
    ...(question === undefined ? {} : { question }),
  };
}
