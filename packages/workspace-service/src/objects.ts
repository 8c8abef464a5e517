import type { OnComplete } from "./requests.ts";

export interface GitCredential {
  /** The right's; never a secret. */
  id: string;
  type: "pat" | "oauth" | "github_app" | "ssh_key";
  provider: string;
  host: string;
  expiresAt: Date;
}

export interface PullRequestInfo {
  number: number;
  /** For people. */
  url: string;
  state: "open" | "closed" | "merged";
  sourceBranch: string;
  targetBranch: string;
  title: string;
  executionId: string;
  createdAt: Date;
  mergedAt?: Date;
}

export interface BranchInfo {
  name: string;
  /** Empty where it was not asked for and is not known yet. */
  baseBranch: string;
  executionId: string;
  role: string;
  createdAt: Date;
  pullRequest?: PullRequestInfo;
}

export interface Workspace {
  id: string;
  /** The directory of the repository. */
  path: string;
  repo: string;
  branch: BranchInfo;
  /** Absent for a repository that needs none. */
  credential?: GitCredential;
  provisionedAt: Date;
  status: "provisioning" | "ready" | "finalizing" | "error" | "cleaned_up";
  strategy: "clone" | "worktree";
  parentWorkspaceId?: string;
  worktreeIds?: string[];
  /** While something is done to it. */
  progress?: { phase: string; message: string; percent?: number };
  onComplete?: Omit<OnComplete, "webhookHeaders">;
  /** Why it is not what was asked for. */
  error?: { code: string; message: string; next?: string };
}

/** What became of a finalization beside the pull request. */
export interface Finalization {
  /** As it is now. */
  workspace: Workspace;
  pushed?: { branch: string; commit: string };
  pullRequest?: PullRequestInfo;
  /** Where it was asked for. */
  cleanup?: CleanupResult;
}

export interface CleanupResult {
  /** Whether it is still there, because something in it lies nowhere else. */
  kept: boolean;
  /** `unpushed_work`, or `failed` where it could not be removed. */
  reason?: "unpushed_work" | "failed";
  /** What it holds, in words. */
  holder?: string;
}
