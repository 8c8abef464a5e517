import type { TokenSecret } from "./credentials.ts";
import type { PullRequestInfo } from "./pull-request-info.ts";

export interface PullRequestText {
  title: string;
  body: string;
}

export interface NewPullRequest extends PullRequestText {
  sourceBranch: string;
  targetBranch: string;
  draft: boolean;
}

/** What a person or a program said of a pull request. */
export interface ReviewComment {
  author: string;
  body: string;
  url: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Absent for one that is about the whole. */
  path?: string;
  line?: number;
  /** Of a review that comes with a verdict. */
  verdict?: "approved" | "changes_requested" | "commented";
}

export interface Checks {
  state: "success" | "failure" | "pending" | "none";
  checks: { name: string; state: "success" | "failure" | "pending" | "neutral"; url?: string }[];
}

export interface ForgeRepositorySummary {
  /** `owner/name`. */
  fullName: string;
  url: string;
  description: string;
  private: boolean;
  defaultBranch: string;
  /** Milliseconds since the epoch. */
  updatedAt: number;
}

/** Gives the secret for one request; with `refused`, another one than that. Undefined where there is none. */
export type AskSecret = (options?: { refused?: string; signal?: AbortSignal }) => Promise<TokenSecret | undefined>;

/**
 * Where pull requests live. Every method throws `authentication_failed`, `forge_unreachable`, `forge_rate_limited` (with when to
 * come back), `repository_not_found` and `forge_refused` (with the forge's reason) where it meets them. A limit that ends within
 * seconds is waited for; a secret that is refused is asked for once more; without one only what is public is reached.
 */
export interface Forge {
  /** `github`. */
  readonly provider: string;
  /** What people call a change here: `PR`. */
  readonly changeLabel: string;
  /** Whether a repository with this URL lives here. */
  serves(url: string): boolean;
  /** Asks nothing yet. Throws `forge_unknown` for a URL that it does not serve. */
  open(url: string, secret: AskSecret): ForgeRepository;
  /** What this secret can reach, most recently changed first. `search` is words of the name or the description; pages count from 1; it may be a minute old. */
  repositories(
    secret: AskSecret,
    options: { search?: string; page: number; perPage: number; signal?: AbortSignal },
  ): Promise<{ repositories: ForgeRepositorySummary[]; hasMore: boolean }>;
}

/** One repository on its forge. */
export interface ForgeRepository {
  /** `owner/name`, as its URL has it. */
  readonly fullName: string;
  defaultBranch(signal?: AbortSignal): Promise<string>;
  branchExists(branch: string, signal?: AbortSignal): Promise<boolean>;
  /** Names of branches that begin with this. */
  branches(prefix: string, signal?: AbortSignal): Promise<string[]>;
  /** One that is gone is success. */
  deleteBranch(branch: string, signal?: AbortSignal): Promise<void>;
  /** The open pull request of a branch of this repository. */
  findPullRequest(sourceBranch: string, signal?: AbortSignal): Promise<PullRequestInfo | undefined>;
  /**
   * Creates one, or gives the open one of the branch where there is one by then: after any number of repetitions, also of ones whose answer was lost,
   * there is one pull request. Throws `pull_request_refused`, with what the forge says of it.
   */
  createPullRequest(request: NewPullRequest, signal?: AbortSignal): Promise<PullRequestInfo>;
  /** `draft` says whether it is to be one from now on. Throws `pull_request_refused` where the forge refuses the change, as of drafts where it has none. */
  updatePullRequest(
    number: number,
    change: Partial<PullRequestText & { targetBranch: string; state: "open" | "closed"; draft: boolean }>,
    signal?: AbortSignal,
  ): Promise<PullRequestInfo>;
  /** Throws `pull_request_not_found`. */
  pullRequest(number: number, signal?: AbortSignal): Promise<PullRequestInfo>;
  /** One that is merged is success. Throws `pull_request_refused` where it cannot be merged. */
  mergePullRequest(
    number: number,
    options: { method: "merge" | "squash" | "rebase" },
    signal?: AbortSignal,
  ): Promise<PullRequestInfo>;
  /** Those it has already stay; one that the repository does not know is made. */
  addLabels(number: number, labels: readonly string[], signal?: AbortSignal): Promise<void>;
  /**
   * `teams` are slugs without their organisation. Throws `forge_refused` naming those who cannot be asked, after the others were asked;
   * the pull request stays.
   */
  requestReviewers(
    number: number,
    reviewers: { people: readonly string[]; teams: readonly string[] },
    signal?: AbortSignal,
  ): Promise<void>;
  /** Of a branch, or of a commit by its whole id. Throws `branch_not_found`. */
  checks(ref: string, signal?: AbortSignal): Promise<Checks>;
  /** Of reviewers, on lines and on the whole, oldest first. */
  comments(number: number, signal?: AbortSignal): Promise<ReviewComment[]>;
}
