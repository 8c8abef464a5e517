import type { CheckoutOptions, FinalizeRequest, PullRequestRequest } from "@ws/workspace-core";

/** What a user gives for one workspace, in place of the worker's own credentials. */
export type UserCredentials =
  | { type: "pat" | "oauth"; token: string; provider?: string; username?: string }
  /**
   * For an ssh URL: no right, so git in the workspace goes there by itself, with what `ssh` finds in the `~/.ssh` of the user
   * whose process this is; bubblewrap hides that. What is pushed is not judged then, and no pull request opened. A key in the
   * credential service's token store needs nothing here.
   */
  | { type: "ssh"; provider?: string };

/** What is done once a workspace was finalized. */
export interface OnComplete {
  /** Run in the workspace's repository by its shell, before a cleanup. */
  command?: string;
  /** Sent a POST with JSON. https, or http on loopback. */
  webhook?: string;
  webhookHeaders?: Readonly<Record<string, string>>;
  /** Whether it is done also where finalizing failed. */
  runOnError?: boolean;
}

export interface WorkspaceConfig {
  /** `github.com/org/repo`, an https URL, or `git@host:org/repo`. */
  repo: string;
  /** Of which kind its forge has to be, such as `github`. */
  provider?: string;
  /** What the branch begins at and goes back to; the repository's default where absent. */
  baseBranch?: string;
  /** The branch's whole name, in place of the one that is made of execution, role and slug. */
  branchName?: string;
  /** `feature_branch` where absent. `direct` works on `baseBranch` itself; `fork` is refused. */
  branchStrategy?: "feature_branch" | "direct" | "fork";
  /** `worktree` makes it in the repository of `parentWorkspace`, which then shares its place and its end. */
  strategy?: "clone" | "worktree";
  parentWorkspace?: string;
  execution?: { id: string; patternName?: string };
  task?: { id?: string; role: string; slug?: string };
  user?: { id: string; oauthToken?: string };
  credentials?: UserCredentials;
  /** The same as `credentials`. */
  userCredentials?: UserCredentials;
  onComplete?: OnComplete;
  /** How much of the repository is brought; all of it where absent. */
  checkout?: CheckoutOptions;
  /** Variables of the workspace's processes. */
  env?: Readonly<Record<string, string>>;
}

export type PullRequestOptions = PullRequestRequest;

export interface FinalizeOptions extends Omit<FinalizeRequest, "pullRequest"> {
  /** With `pr`, which says what it is to be. */
  createPr?: boolean;
  pr?: PullRequestOptions;
}

export interface WorktreeConfig extends Pick<WorkspaceConfig, "baseBranch" | "branchName" | "execution" | "task"> {
  onComplete?: OnComplete;
}
