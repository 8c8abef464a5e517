import type { WorkspaceId, WorkspaceRecord } from "@ws/workspace-core";
import { executionOf } from "./create-request.ts";
import type { WorktreeConfig } from "./requests.ts";
import type { WorktreeRecord } from "./state/worktree-record.ts";

/** Its workspace's execution, where it has no task of its own. */
export function worktreeExecution(parent: WorkspaceRecord, config: WorktreeConfig): WorkspaceRecord["execution"] {
  if (config.task === undefined && config.execution === undefined) return parent.execution;
  return executionOf(withExecution(config, parent), parent.id);
}

/** A worktree's task is of its workspace's execution, where it names no other. */
function withExecution(
  { execution, task }: WorktreeConfig,
  parent: WorkspaceRecord,
): Pick<WorktreeConfig, "execution" | "task"> {
  const own = execution ?? (parent.execution === undefined ? undefined : { id: parent.execution.id });
  return { ...(own === undefined ? {} : { execution: own }), ...(task === undefined ? {} : { task }) };
}

/** After what its branch is named: its own task, and where it has none its id, because the workspace has the other name. */
export function namedAs(
  parent: WorkspaceRecord,
  id: WorktreeRecord["id"],
  execution: WorkspaceRecord["execution"],
  { task }: WorktreeConfig,
): { id: WorkspaceId; name: string; execution?: NonNullable<WorkspaceRecord["execution"]> } {
  if (execution === undefined) return { id: parent.id, name: id };
  return { id: parent.id, name: id, execution: task?.slug === undefined ? { ...execution, slug: id } : execution };
}
