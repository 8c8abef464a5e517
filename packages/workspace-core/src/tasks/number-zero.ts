import type { WorkspaceId } from "../workspace.ts";

const PREFIX = "ws-0:";

/** Number 0 of a project: where a task is that waits for a numbered workspace of its own. No workspace has such an id. */
export function numberZero(project: string): WorkspaceId {
  return `${PREFIX}${project}` as WorkspaceId;
}

export function isNumberZero(id: WorkspaceId): boolean {
  return id.startsWith(PREFIX);
}
