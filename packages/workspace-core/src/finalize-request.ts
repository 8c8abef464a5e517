import { WsError } from "./errors.ts";

/** What is done with the work in a workspace; all of it can be repeated. */
export interface FinalizeRequest {
  /**
   * What becomes of work that is not committed: refused before anything is done (`uncommitted_work`), committed with
   * `commitMessage`, or left where it is. `refuse` where absent.
   */
  uncommitted?: "refuse" | "commit" | "leave";
  commitMessage?: string;
  push?: boolean;
  /** Rewrites the branch on the remote; only with a grant that says so. */
  force?: boolean;
  /** The open one of the branch is brought up to date where there is one. */
  pullRequest?: PullRequestRequest;
  /** Removes the workspace where nothing is left in it that lies nowhere else. */
  cleanup?: boolean;
}

export interface PullRequestRequest {
  /** A new one needs it. */
  title?: string;
  /** Of one that is open already, absent, it stays what it is; so does its target. */
  body?: string;
  /** Where a new one goes where absent: the workspace's base branch, else the repository's default. */
  targetBranch?: string;
  /** Of one that is open already, too: it becomes a draft, or ready for review; absent, it stays what it is. */
  draft?: boolean;
  labels?: readonly string[];
  reviewers?: readonly string[];
  /** Slugs of teams of the repository's organisation. */
  teamReviewers?: readonly string[];
}

/** Throws `invalid_input` naming the field. */
export function requireSound({ uncommitted, commitMessage, pullRequest }: FinalizeRequest): void {
  if (uncommitted === "commit" && (commitMessage ?? "").trim() === "") {
    throw missing("commitMessage", "A commit needs a message.", "Say what was done: --commit MESSAGE.");
  }
  if (pullRequest?.title?.trim() === "") {
    throw titleMissing();
  }
}

/** Of a pull request that is to be opened: only one that is open already has a title to keep. */
export function titleMissing(): WsError<"invalid_input"> {
  return missing("pullRequest.title", "A pull request needs a title.", "Give it one: --title TITLE.");
}

function missing(field: string, message: string, next: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", { message, next, data: { field } });
}
