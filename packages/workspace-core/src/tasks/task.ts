import type { ActionContext } from "./actions/action.ts";
import type { Argv } from "../box.ts";
import type { PolicyLayer } from "../policy/layers.ts";
import type { ResolvedRef } from "../provider.ts";
import type { Profile, WorkspaceId } from "../workspace.ts";

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
  | { kind: "code"; language: CodeLanguage; code: string }
  | AgentSpec;

/** A prompt for a coding tool, which goes in on its stdin. */
export interface AgentSpec {
  kind: "agent";
  /** The name under which the worker knows the tool. */
  tool: string;
  prompt: string;
  model?: string;
  /** A conversation of the tool's that it goes on with; a new one where absent. */
  session?: string;
  /** `edits` where absent. */
  permissions?: AgentPermissions;
  /** The action that it was made from, and what that is about. */
  action?: string;
  about?: ActionContext;
}

/** What a coding tool may do without asking: nothing that changes something, change files, or everything that its workspace lets it do. */
export type AgentPermissions = "ask" | "edits" | "all";

/** What a coding tool wants to know before it goes on: `permission` where it was not allowed to do something. */
export interface TaskQuestion {
  text: string;
  options?: readonly string[];
  reason: "question" | "permission";
}

/** What a coding tool says that it has used; a count that it does not tell is absent. */
export interface AgentUsage {
  inputTokens?: number;
  outputTokens?: number;
  /** In US dollars. */
  cost?: number;
}

/** The numbered workspace that a task takes for itself when its turn comes. */
export interface TaskLease {
  /** As it was asked for, and what it led to then. */
  reference: string;
  resolved: ResolvedRef;
  /** Of its workspace. */
  profile: Profile;
  /** The lease, once it has one. */
  id?: string;
}

/** What whoever asked for a task may do, by which it is judged each time before it begins; nothing limits whoever has none. */
export interface TaskRights {
  /** The id of the token that asked: where it was withdrawn nothing begins for it any more. */
  token?: string;
  /** What it added to the policy of the workspace. */
  policy?: readonly PolicyLayer[];
}

/** Why a task is not what was asked for, or not yet. */
export interface TaskFailure {
  code: string;
  message: string;
  next?: string;
}

/** One piece of work in one workspace, from its creation on. Times are milliseconds since the epoch. */
export interface TaskRecord {
  id: TaskId;
  /** Number 0 of its project where it is to have a workspace of its own and has none yet. */
  workspace: WorkspaceId;
  lease?: TaskLease;
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
  /** Since when its state is what it is. */
  changedAt: number;
  /** Of the last attempt. */
  startedAt?: number;
  completedAt?: number;
  /** Which try this is; 0 before the first. */
  attempt: number;
  /** Not begun earlier: as was asked for, or because of a failure or a limit before. Of one that is over, what was asked for where it never began. */
  notBefore?: number;
  /** Its end was asked for. */
  cancelling?: boolean;
  /** What it waits for though its turn has come: until then nothing is begun for it. */
  waits?: TaskFailure;
  exit?: { code: number; signal?: string };
  error?: TaskFailure;
  /** What it asks, where it waits for an answer. */
  question?: TaskQuestion;
  /** The tool's own name for its conversation, once it said it: from then on the prompt is never sent again. */
  session?: string;
  /** What the tool is told in the present or the next attempt: in place of what its rule says, or after a prompt that it has not read yet. */
  followUp?: string;
  /** Whether somebody wants it to be the next of its priority. */
  ahead?: boolean;
  /** Whose usage it counts into: a tool and a fingerprint of its key, or its workspace where there is none. */
  account?: string;
  /** What the tool said at last. */
  result?: string;
  usage?: AgentUsage;
  /** The task that it tries again. */
  retryOf?: TaskId;
  /** The task whose conversation it goes on with. */
  followUpOf?: TaskId;
  createdBy: string;
  /** Of its creator, or of whoever let it go on last. */
  rights?: TaskRights;
  /** Under which it was asked for: a second request under it, in the same workspace, gives this one. */
  key?: string;
}

const FINAL: ReadonlySet<TaskStatus> = new Set(["completed", "failed", "cancelled"]);

/** Whether nothing comes after it. */
export function isFinal(status: TaskStatus): boolean {
  return FINAL.has(status);
}
