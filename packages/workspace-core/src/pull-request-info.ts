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
