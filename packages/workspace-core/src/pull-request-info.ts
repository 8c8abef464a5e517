export interface PullRequestInfo {
  number: number;
  /** For people. */
  url: string;
  state: "open" | "closed" | "merged";
  sourceBranch: string;
  targetBranch: string;
  title: string;
  draft: boolean;
  executionId?: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  mergedAt?: number;
}

/** What is kept of the checks of a pull request's branch. */
export interface SeenChecks {
  /** Of all of them together. */
  state: "success" | "failure" | "pending" | "none";
  /** Names of those that failed, at most five of them. */
  failed: readonly string[];
  /** When they were first seen so: milliseconds since the epoch. */
  at: number;
}
