import type { TaskInfo, WorkspaceInfo } from "@ws/rpc-contract";
import { isOver } from "../../../tasks/live-tasks.ts";

/** Of each workspace, by its id, the task that ended last. */
export function lastEnds(tasks: Iterable<TaskInfo>): Map<string, TaskInfo> {
  const last = new Map<string, TaskInfo>();
  for (const task of tasks) {
    if (!isOver(task) || task.workspaceId === "") continue;
    if (task.changedAt > (last.get(task.workspaceId)?.changedAt ?? "")) last.set(task.workspaceId, task);
  }
  return last;
}

/**
 * Stands for what somebody wants to know of after a while: how the workspace is, its pull request, what that one's checks say and which task
 * ended last. Another one is news. Undefined while something is under way in it, which ends as news or not.
 */
export function fingerprint(
  { status, operation, branch, pullRequest, checks }: WorkspaceInfo,
  end: Pick<TaskInfo, "id" | "status"> | undefined,
): string | undefined {
  if (status === "creating" || operation !== undefined) return undefined;
  const parts = [
    status,
    branch,
    pullRequest?.number,
    pullRequest?.state,
    pullRequest?.draft,
    checks?.state,
    checks?.at,
    end?.id,
    end?.status,
  ];
  return hash(parts.join(" "));
}

/** FNV-1a: there are hundreds of them, and each is kept. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return (value >>> 0).toString(36);
}
