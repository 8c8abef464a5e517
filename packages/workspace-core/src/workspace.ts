import { WsError } from "./errors.ts";
import type { WorkspaceEgress } from "./egress/decide.ts";
import type { DevcontainerMode, DevcontainerPlan } from "./devcontainer/plan.ts";
import type { NamedPort } from "./way-in/named-ports.ts";
import type { PolicyRules } from "./policy/rules.ts";
import type { FinalizeRequest } from "./finalize-request.ts";
import type { PullRequestInfo, SeenChecks } from "./pull-request-info.ts";

/** `ws-` and random letters; never changes, while the name can. */
export type WorkspaceId = `ws-${string}`;
export type RuntimeName = "docker" | "local";
/** `person`: sudo works, open network. `agent`: no capabilities, no network but an allow-list. Fixed at create. */
export type Profile = "person" | "agent";
/** What separates the workspace from the worker: a container, a bubblewrap sandbox, or nothing. */
export type Isolation = "container" | "sandbox" | "none";

export type Phase = "provisioning" | "ready" | "working" | "finalizing" | "cleaned_up" | "error";
export type Power = "running" | "stopped";
/** What is being done to a workspace right now; written before the first effect, so that a crash leaves it readable. */
export type OperationKind =
  | "create"
  | "start"
  | "stop"
  | "restart"
  | "rename"
  | "update"
  | "finalize"
  | "look"
  | "delete";

export type StepId = "prepare" | "credentials" | "devcontainer" | "create" | "start" | "connect" | "clone" | "scripts";
export type StepStatus = "pending" | "running" | "done" | "error" | "skipped";

/** One step of a start, as people see it. Times are milliseconds since the epoch. */
export interface StartupStep {
  id: StepId;
  label: string;
  status: StepStatus;
  message?: string;
  startedAt?: number;
  endedAt?: number;
}

/** Which of the worker's credentials a workspace may use; the names are those under which they were stored. */
export type CredentialSelection = "all" | "none" | readonly string[];

export interface Limits {
  /** Cores; fractions are allowed. */
  cpus?: number;
  memoryBytes?: number;
  processes?: number;
}

export interface Repository {
  /** The URL without credentials, as git shows it. */
  url: string;
  /** Last path segment without `.git`: the directory's name. */
  name: string;
  /** The branch that is checked out: the workspace's own, or the one that was asked for. */
  branch?: string;
  /** What the branch was begun from and goes back to; the remote's default where it was not asked for. */
  baseBranch?: string;
  /** Whether the remote cannot have the branch, because nobody else could have named one so. */
  branchIsNew?: boolean;
  checkout?: CheckoutOptions;
}

/** How much of a repository a clone takes; without any of it all files and the whole history, but no large files. */
export interface CheckoutOptions {
  /** Only so many commits back. */
  depth?: number;
  /** What stays on the remote until it is needed: contents of files, or directories too. */
  filter?: "blob:none" | "tree:0";
  /** Only these directories, and the files at the top. */
  sparse?: readonly string[];
  /** Whether large files of Git LFS are fetched; only pointers to them are where it is absent. */
  lfs?: boolean;
}

/** The larger job that a workspace is part of, which its branch and its grants are named after. */
export interface Execution {
  id: string;
  /** Who works, such as `engineer`. */
  role: string;
  /** What is done, in few words. */
  slug?: string;
  patternName?: string;
  taskId?: string;
  userId?: string;
}

/** Enough of a file that was given to tell whether it is still as it was: its SHA-256 in hex, its length and its permission bits. */
export interface GivenMark {
  sha256: string;
  bytes: number;
  mode: number;
}

/** Why a workspace is not what was asked for. */
export interface Failure {
  step: string;
  code: string;
  message: string;
  next?: string;
  at: number;
}

/** What the store keeps of one workspace. Times are milliseconds since the epoch. */
export interface WorkspaceRecord {
  id: WorkspaceId;
  name: string;
  runtime: RuntimeName;
  profile: Profile;
  phase: Phase;
  power: Power;
  operation?: { kind: OperationKind; step?: string; startedAt: number };
  /** The runtime's own handle (a container id); absent until it exists. */
  handle?: string;
  /** Where commands and shells start; known once a Box was open. */
  directory?: string;
  image?: string;
  /** Whether it has a Docker engine of its own, and with it all but the worker's own rights; fixed at create. */
  docker?: true;
  /** What its repository's devcontainer.json says of it, where it follows that; the plan is there once the file was read. */
  devcontainer?: {
    mode: DevcontainerMode;
    plan?: DevcontainerPlan;
    /** Whether the commands that are run once have been. */
    ran?: true;
  };
  /** The worker's directory with the git objects of its repository, shown in its place; fixed with the place. */
  objects?: string;
  limits: Limits;
  /** Variables the user gave; they reach processes, never the container's configuration. */
  env: Record<string, string>;
  /** Which of the worker's credentials it may use; all of them where absent. */
  credentials?: CredentialSelection;
  /** The worker's files as it was last given them, by target; absent where that was before there was a record of it. */
  given?: Readonly<Record<string, GivenMark>>;
  repository?: Repository;
  /** What may be done in it, beside what its repository's rules say. */
  policy?: PolicyRules;
  /** Which of its ports have names; none where absent. */
  ports?: readonly NamedPort[];
  /** What its programs may reach beside what the worker allows, where its profile is `agent`. */
  egress?: WorkspaceEgress;
  execution?: Execution;
  /** Whether it is cleaned up at the end of its TTL or of its execution, where nothing in it would be lost. */
  autoCleanup?: boolean;
  pullRequest?: PullRequestInfo;
  /** How the checks of its pull request stood when they were last looked at. */
  checks?: SeenChecks;
  /** What was asked for and is not yet done, so that it goes on after a crash. */
  finalizing?: FinalizeRequest;
  startup: StartupStep[];
  failure?: Failure;
  /** Why it stopped, where nobody asked for that. */
  stopReason?: string;
  /** The idempotency key of the create request that made it, and that request as canonical JSON. */
  request?: { key: string; input: string };
  ttlMs?: number;
  /** Stops it after so long without use, where no program goes on in it. */
  idleMs?: number;
  /** What its home takes on the disk, as it was last measured. */
  diskBytes?: number;
  /** Counted down by a monotonic clock while the workspace runs, so that a clock jump ends nothing. */
  ttlRemainingMs?: number;
  createdAt: number;
  updatedAt: number;
  lastUsedAt: number;
}

const PHASES: Record<Phase, readonly Phase[]> = {
  provisioning: ["ready", "error", "cleaned_up"],
  ready: ["working", "finalizing", "error", "cleaned_up"],
  working: ["ready", "finalizing", "error", "cleaned_up"],
  finalizing: ["ready", "error", "cleaned_up"],
  error: ["provisioning", "ready", "cleaned_up"],
  cleaned_up: [],
};

/** Whether a workspace may go from one phase to another; staying is always allowed. */
export function canEnter(from: Phase, to: Phase): boolean {
  return from === to || PHASES[from].includes(to);
}

/** The record in its next phase. Throws `illegal_transition` where the table forbids it. */
export function enterPhase<R extends { phase: Phase }>(record: R, to: Phase): R {
  if (canEnter(record.phase, to)) return { ...record, phase: to };
  throw new WsError("illegal_transition", {
    message: `A workspace that is ${record.phase} cannot become ${to}.`,
    data: { from: record.phase, to },
  });
}

/** What the wire calls the state: phase and power as one word. */
export type Status = "creating" | "running" | "stopped" | "error";

export function statusOf(record: Pick<WorkspaceRecord, "phase" | "power">): Status {
  if (record.phase === "provisioning") return "creating";
  if (record.phase === "error") return "error";
  return record.power;
}
