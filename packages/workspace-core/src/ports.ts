import type { Bytes } from "./bytes.ts";
import type { WorkspaceId, WorkspaceRecord } from "./workspace.ts";

export type {
  Argv,
  RunOptions,
  ExitStatus,
  BoxProcess,
  ProcessSignal,
  TerminalSize,
  Pty,
  ByteChannel,
  FileEntry,
  BoxFiles,
  BoxFeature,
  Box,
  TerminalState,
  OpenedTerminal,
  Terminals,
} from "./box.ts";
export type { WatchBatch, WatchOptions } from "./box-watch.ts";
export type { Bytes, ByteSource } from "./bytes.ts";
export type { FileStat } from "./file-stat.ts";
export type {
  ConfinedEntry,
  ConfinedFiles,
  ConfinedOptions,
  ConfinedRead,
  ConfinedStat,
  ConfinedWrite,
  Permit,
  Version,
} from "./confined.ts";

export type { ImageRecipe, DockerfileSource } from "./image-recipe.ts";
export type { Progress, Report } from "./progress.ts";
export type { Git, WorkState } from "./git.ts";
export type {
  PlaceSpec,
  Place,
  RuntimeStatus,
  Flaw,
  PlaceUsage,
  PrintedOptions,
  Printed,
  RuntimeEvent,
  Runtime,
} from "./runtime.ts";

export interface Clock {
  /** Wall time, milliseconds since the epoch; may jump. */
  now(): number;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

export interface Script {
  name: string;
  /** Absent where it is not there: then it counts as one that failed. */
  content?: Bytes;
  /** Where it lies in the place, in place of a content. */
  path?: string;
  /** Why it cannot be run, as a sentence: then it counts as one that failed. */
  problem?: string;
  /** 600,000 where absent; what it began in the background ends with it. */
  timeoutMs?: number;
  /** Whether a non-zero exit fails the start; otherwise it is a line in the log. */
  failOnError?: boolean;
  /** Whether a start is over before it is. Then how it ends is a line in the log at most. */
  background?: boolean;
}

/** A file of the worker's that workspaces are given. */
export interface GivenFile {
  /** Where it goes: `~/…`, a path below the home, or an absolute one. */
  target: string;
  /** Absent where it cannot be had: then it is left out with a warning, which says the problem. */
  content?: Bytes;
  problem?: string;
  /** Permission bits, as in 0o600. */
  mode: number;
  /** Whether it is the workspace's own from then on: no later content of the worker's takes the place of what became of it. */
  once?: boolean;
}

/** A name, an address, both or nothing. */
export interface Identity {
  name?: string;
  email?: string;
}

/** What the worker's owner puts into every workspace. */
export interface Setup {
  /** Variables for processes, secrets included. Asked at every process start, so that a change reaches the next one. */
  environment(record: WorkspaceRecord): Promise<Record<string, string>>;
  /** In whose name it commits where nothing in it says another; asked as often. */
  identity?(record: WorkspaceRecord): Promise<Identity>;
  /** Run as the workspace's user after the clone and after each start. */
  scripts(record: WorkspaceRecord): Promise<Script[]>;
  /** How long a script may take that a workspace brings itself; as each does where absent. */
  scriptTimeoutMs?(): number;
  /** Copied into the workspace at each start, as its user. */
  files?(record: WorkspaceRecord): Promise<GivenFile[]>;
}

/** Free space where workspaces are kept. */
export interface Disk {
  free(): Promise<{ bytes: number; totalBytes: number; inodes: number; totalInodes: number }>;
}

/**
 * The worker's memory. Synchronous, because a change and the check before it must be one step; a call that
 * returned is on disk. Records that are read are frozen, because everybody is given the same.
 */
export interface Store {
  /** Throws `name_taken` where a live record has the name. */
  insert(record: WorkspaceRecord): void;
  /** Replaces the record with the same id. Throws `workspace_not_found`, `name_taken`. */
  update(record: WorkspaceRecord): void;
  get(id: WorkspaceId): WorkspaceRecord | undefined;
  /** Never a cleaned-up one. */
  getByName(name: string): WorkspaceRecord | undefined;
  getByRequest(key: string): WorkspaceRecord | undefined;
  /** Live records, oldest first; cleaned-up ones only where asked for. */
  list(options?: { cleanedUp?: boolean }): WorkspaceRecord[];
  /** Forgets cleaned-up records last changed before this instant. */
  forget(before: number): void;
  appendLog(id: WorkspaceId, entry: LogEntry): void;
  /** The last `tail` entries (default all kept), oldest first. */
  readLog(id: WorkspaceId, tail?: number): LogEntry[];
}

/** Why something was done to a workspace, or not, that nobody asked for at that moment. */
export interface Decision {
  action: "stop" | "clean_up" | "finalize" | "script";
  workspace: { id: WorkspaceId; name: string };
  /** `done`; `kept` with what holds it; `failed` with why. */
  outcome: "done" | "kept" | "failed";
  /** What led to it: a TTL that was over, an execution that failed; of a script, its name. */
  reason: string;
  /** Of a script: how it ended, and how long it took. */
  ran?: { exitCode: number; ms: number };
  /** What it is kept for, where it is: unpushed commits, an open terminal. */
  holder?: string;
}

/** Where decisions are written down for whoever asks later. */
export interface Decisions {
  add(decision: Decision): void;
}

/** One line of what the agent did for a workspace. */
export interface LogEntry {
  at: number;
  source: StepSource;
  line: string;
}
export type StepSource = "startup" | "script" | "agent";
