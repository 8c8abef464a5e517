/** What is often asked of a coding tool, under a name. */
export const TASK_ACTIONS = ["explain", "fix", "test", "review", "refactor", "document"] as const;
export type TaskAction = (typeof TASK_ACTIONS)[number];

/** What an action is about; the whole repository where nothing is said, and what is not committed yet for a review. */
export interface ActionContext {
  /** A file, below the directory where commands start. */
  path?: string;
  /** Of the file: the first and the last line, from 1. */
  lines?: { from: number; to: number };
  /** A text, in place of what the file holds. */
  selection?: string;
  /** What changed: `working`, all that is not committed; `staged`; or since the branch parted from this one, or from a commit. */
  diff?: string;
  /** What is wanted beyond that. */
  instructions?: string;
}

/** Those that are only to say something, and so change nothing. */
export const READING_ACTIONS: ReadonlySet<TaskAction> = new Set(["explain", "review"]);
