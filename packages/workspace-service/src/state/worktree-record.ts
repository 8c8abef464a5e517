import type { Execution, PullRequestInfo, WorkspaceId } from "@ws/workspace-core";

/** A worktree of a workspace's repository, on a branch of its own. */
export interface WorktreeRecord {
  id: `wt-${string}`;
  parent: WorkspaceId;
  /** Its directory, as the workspace sees it. */
  path: string;
  branch: string;
  baseBranch: string;
  execution?: Execution;
  /** Milliseconds since the epoch. */
  createdAt: number;
  phase: "provisioning" | "ready" | "finalizing" | "error";
  pullRequest?: PullRequestInfo;
}
