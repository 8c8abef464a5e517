import type { Checks, ReviewComment } from "../../forge.ts";

/** What goes wrong at a forge, each for as many requests as it says. */
export type ForgeFault =
  /** The next request is refused although its secret is good. */
  | { kind: "refused" }
  /** The next request is refused until the limit is over. */
  | { kind: "rate_limited"; forMs: number }
  /** The next requests fail before they have an effect. */
  | { kind: "unavailable"; times: number }
  /** The next creation of a pull request happens, and its answer is lost; with `gone` the forge is then out of reach for that caller. */
  | { kind: "lost_answer"; gone?: boolean }
  /** The next request is never answered. */
  | { kind: "silent" };

export interface HeldPullRequest {
  number: number;
  author: string;
  title: string;
  body: string;
  sourceBranch: string;
  targetBranch: string;
  draft: boolean;
  state: "open" | "closed" | "merged";
  labels: string[];
  people: string[];
  teams: string[];
  createdAt: number;
  mergedAt?: number;
  /** Whether its branch is of another repository. */
  fork: boolean;
}

export interface HeldBranch {
  /** Ahead of the default branch, so that there is something to ask for. */
  ahead: boolean;
  conflicts: boolean;
  checks: Checks["checks"];
}

/** A repository as the forge has it. */
export interface HeldRepository {
  readonly fullName: string;
  readonly url: string;
  readonly private: boolean;
  readonly description: string;
  readonly defaultBranch: string;
  /** Whether it takes drafts. */
  readonly drafts: boolean;
  /** Who can be asked for a review. */
  readonly people: readonly string[];
  readonly teams: readonly string[];
  updatedAt: number;
  readonly branches: Map<string, HeldBranch>;
  readonly labels: Set<string>;
  readonly pullRequests: HeldPullRequest[];
  readonly comments: Map<number, ReviewComment[]>;
}
