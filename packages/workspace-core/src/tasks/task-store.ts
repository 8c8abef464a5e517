import { WsError } from "../errors.ts";
import { excerpt } from "../names.ts";
import type { WorkspaceId } from "../workspace.ts";
import { numberZero } from "./number-zero.ts";
import type { TaskId, TaskRecord, TaskStatus } from "./task.ts";

export interface TaskFilter {
  workspace?: WorkspaceId;
  statuses?: readonly TaskStatus[];
  /** At most so many. */
  limit?: number;
  /** Only those that were created before this one. */
  before?: TaskId;
}

/** An account that met its usage limit. */
export interface AccountLimit {
  account: string;
  /** Milliseconds since the epoch. From then on one task of it is tried before the others. */
  until: number;
  /** How often in a row nobody said for how long. */
  times: number;
}

/**
 * The queue's memory. Synchronous, because a change and the check before it must be one step; a call that returned is on disk.
 * Records that are read are frozen.
 */
export interface TaskStore {
  /** Throws `idempotency_mismatch` where the workspace has a task with its key, and `internal` where the id was used. */
  insert(record: TaskRecord): void;
  /** Replaces the one with this id. Throws `task_not_found`, and `illegal_transition` where that is over. */
  update(record: TaskRecord): void;
  get(id: TaskId): TaskRecord | undefined;
  /** As `keyedIn` says where. */
  getByKey(workspace: WorkspaceId, key: string): TaskRecord | undefined;
  /** The last created of a task and of all that try it again, or try one of these again; undefined where all are forgotten. */
  latestRetry(id: TaskId): TaskRecord | undefined;
  /** The last created first. */
  list(filter?: TaskFilter): TaskRecord[];
  /** All that are not over, in the order of their creation. */
  live(): TaskRecord[];
  /** Forgets what was over before this instant. */
  forget(before: number): void;
  limits(): AccountLimit[];
  /** Replaces the one of this account. */
  limit(limit: AccountLimit): void;
  /** One that is not there is success. */
  unlimit(account: string): void;
}

export function taskNotFound(id: string): WsError<"task_not_found"> {
  return new WsError("task_not_found", {
    message: `There is no task '${excerpt(id)}'.`,
    next: "'ws task list' shows those that there are.",
    data: { task: excerpt(id) },
  });
}

/** What is thrown where a task that is over would be changed. */
export function taskOver({ id, status }: TaskRecord): WsError<"illegal_transition"> {
  return new WsError("illegal_transition", {
    message: `The task ${id} is ${status}, which is final.`,
    next: `Try it again as a new task: ws task retry ${id}.`,
    data: { from: status, to: status },
  });
}

/** Where the key of a task counts: in its workspace, or for one that takes its own, in its project. */
export function keyedIn({ workspace, lease }: Pick<TaskRecord, "workspace" | "lease">): WorkspaceId {
  return lease === undefined ? workspace : numberZero(lease.resolved.projectName);
}

/** What is thrown where the key of a task was another request's. */
export function keyTaken({ id, key = "" }: TaskRecord): WsError<"idempotency_mismatch"> {
  return new WsError("idempotency_mismatch", {
    message: `The key '${excerpt(key)}' was used for another request, which made ${id}.`,
    next: "Use a new key for a new request.",
    data: { key: excerpt(key) },
  });
}
