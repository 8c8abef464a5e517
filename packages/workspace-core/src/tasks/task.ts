import type { Argv } from "../box.ts";
import type { WorkspaceId } from "../workspace.ts";

/** `task-` and 12 letters and digits; never used twice. */
export type TaskId = `task-${string}`;

/** The last three are final: a task reaches exactly one of them, once. */
export const TASK_STATUSES = [
  "pending",
  "running",
  "waiting_input",
  "limited",
  "auth_failed",
  "completed",
  "failed",
  "cancelled",
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export type CodeLanguage = "javascript" | "typescript" | "python" | "sh";

/** What is to be done. */
export type TaskSpec =
  | {
      kind: "command";
      argv: Argv;
      /** Absolute; where the workspace's commands start where absent. */
      cwd?: string;
      /** May hold secrets. */
      env?: Readonly<Record<string, string>>;
      stdin?: string;
    }
  | { kind: "code"; language: CodeLanguage; code: string };

/** Why a task is not what was asked for, or not yet. */
export interface TaskFailure {
  code: string;
  message: string;
  next?: string;
}

/** One piece of work in one workspace, from its creation on. Times are milliseconds since the epoch. */
export interface TaskRecord {
  id: TaskId;
  workspace: WorkspaceId;
  /** The larger job it is part of. */
  execution?: string;
  title: string;
  spec: TaskSpec;
  status: TaskStatus;
  /** From -100 to 100; the higher ones go first. */
  priority: number;
  /** Begins once these are completed, and is cancelled where one of them is not. */
  dependsOn: readonly TaskId[];
  /** How often it is tried again after a failure, and how often it still may. */
  retries: number;
  retriesLeft: number;
  /** Whether it may be run again where its workspace went while it ran. */
  restartable: boolean;
  /** How often that was. */
  losses: number;
  timeoutMs?: number;
  createdAt: number;
  /** Of the last attempt. */
  startedAt?: number;
  completedAt?: number;
  /** Which try this is; 0 before the first. */
  attempt: number;
  /** Not begun earlier: as was asked for, or because of a failure or a limit before. */
  notBefore?: number;
  /** Its end was asked for. */
  cancelling?: boolean;
  /** What it waits for though its turn has come: until then nothing is begun for it. */
  waits?: TaskFailure;
  exit?: { code: number; signal?: string };
  error?: TaskFailure;
  /** What it asks, where it waits for an answer. */
  question?: string;
  /** The tool's own name for its conversation. */
  session?: string;
  /** Whose usage limit it met. */
  account?: string;
  /** The task that it tries again. */
  retryOf?: TaskId;
  createdBy: string;
  /** Under which it was asked for: a second request under it, in the same workspace, gives this one. */
  key?: string;
}

const FINAL: ReadonlySet<TaskStatus> = new Set(["completed", "failed", "cancelled"]);

/** Whether nothing comes after it. */
export function isFinal(status: TaskStatus): boolean {
  return FINAL.has(status);
}
