import type { TaskInfo } from "@ws/rpc-contract";
import { isOver } from "../../../tasks/live-tasks.ts";
import { taskRank } from "./arrange.ts";

/** Of each workspace, by its id, the one task that says most of it: one that asks somebody, else that runs, else that waits, else the last that ended. */
export function taskOfEach(tasks: Iterable<TaskInfo>): Map<string, TaskInfo> {
  const chosen = new Map<string, TaskInfo>();
  for (const task of tasks) {
    const other = chosen.get(task.workspaceId);
    if (task.workspaceId !== "" && (other === undefined || isBefore(task, other))) chosen.set(task.workspaceId, task);
  }
  return chosen;
}

function isBefore(task: TaskInfo, other: TaskInfo): boolean {
  if (isOver(task) !== isOver(other)) return isOver(other);
  if (isOver(task)) return task.changedAt > other.changedAt;
  const [rank = 0, otherRank = 0] = [taskRank(task), taskRank(other)];
  return rank === otherRank ? task.createdAt < other.createdAt : rank < otherRank;
}
