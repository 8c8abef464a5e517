import type { WsError } from "./errors.ts";
import type { Isolation, Limits, Profile, Repository, RuntimeName, WorkspaceId, WorkspaceRecord } from "./workspace.ts";

/** At least the program; never a shell string. */
export type Argv = readonly [string, ...string[]];
export type Bytes = Uint8Array;
/** A Node `Readable` is one; reading slowly holds the writer back. */
export type ByteSource = AsyncIterable<Bytes>;

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

/** What a long step tells a watching person. */
export interface Progress {
  message: string;
  /** 0 to 100, where it is known. */
  percent?: number;
}
export type Report = (progress: Progress) => void;

// ── Runtime ──────────────────────────────────────────────────────────────────────────────────────

/** What a runtime needs to know of a workspace; all of it is fixed at create except the name. */
export interface PlaceSpec {
  id: WorkspaceId;
  name: string;
  profile: Profile;
  image?: string;
  limits: Limits;
}

/** What a runtime sees of one place. */
export interface Place {
  id: WorkspaceId;
  /** The name the place carries now (a container's name without its prefix). */
  name: string;
  handle: string;
  power: "running" | "stopped";
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Present when it stopped by itself. */
  exit?: { code: number; oom: boolean };
}

export interface RuntimeStatus {
  runtime: RuntimeName;
  isolation: Isolation;
  /** The engine's version; empty on the local runtime. */
  version: string;
  /** What a person should know: "no bubblewrap: processes can read this user's files". */
  remarks: readonly string[];
}

export type RuntimeEvent =
  | { type: "exited"; id: WorkspaceId; exit: { code: number; oom: boolean } }
  | { type: "engine_lost" }
  | { type: "engine_back" };

/**
 * Where workspaces live. Repeating is safe: creating what exists, starting what runs, stopping what is
 * stopped and removing what is gone all succeed. Every method throws `engine_unreachable` where the engine
 * does not answer and `engine_lost` where it stopped answering midway.
 */
export interface Runtime {
  readonly name: RuntimeName;
  status(signal?: AbortSignal): Promise<RuntimeStatus>;
  /** Makes what every workspace needs (the image, the network). Throws `image_build_failed`, `image_not_found`, `disk_full`. */
  prepare(options: { image?: string; report: Report; signal?: AbortSignal }): Promise<void>;
  /** Makes the place and its home; not started. Ends with exactly one place and one home for the id. */
  create(spec: PlaceSpec, signal?: AbortSignal): Promise<Place>;
  start(spec: PlaceSpec, signal?: AbortSignal): Promise<Place>;
  /** Ends every process in it; the home stays. */
  stop(id: WorkspaceId, options?: { graceMs?: number; signal?: AbortSignal }): Promise<void>;
  /** Removes the place and its home. */
  remove(id: WorkspaceId, signal?: AbortSignal): Promise<void>;
  /** Removes the place and keeps the home: what may be done to a place nobody has a record of. */
  abandon(id: WorkspaceId, signal?: AbortSignal): Promise<void>;
  rename(id: WorkspaceId, name: string, signal?: AbortSignal): Promise<void>;
  find(id: WorkspaceId, signal?: AbortSignal): Promise<Place | undefined>;
  /** Every place and home of this worker, the half-made and half-deleted included. */
  list(signal?: AbortSignal): Promise<Place[]>;
  /** Ids whose home exists, with or without a place. */
  homes(signal?: AbortSignal): Promise<WorkspaceId[]>;
  /** Opens the channel into a running place. Throws `box_unavailable`, with what the place's image lacks. */
  open(id: WorkspaceId, signal?: AbortSignal): Promise<Box>;
  /** What the place itself printed, oldest first; ends at the present unless `follow`. */
  logs(id: WorkspaceId, options: { tail?: number; follow?: boolean; signal?: AbortSignal }): ByteSource;
  /** What happens without us asking; survives the engine's absence, reporting it. Ends when the signal aborts. */
  events(signal: AbortSignal): AsyncIterable<RuntimeEvent>;
}

// ── Box ──────────────────────────────────────────────────────────────────────────────────────────

export interface RunOptions {
  /** Absolute; the home where absent. */
  cwd?: string;
  /** Added to the place's own environment. May hold secrets: never becomes an argument or part of a configuration. */
  env?: Readonly<Record<string, string>>;
  /** Absent means empty. */
  stdin?: ByteSource | Bytes;
  /** Aborting ends the whole process group: SIGTERM, then SIGKILL after `graceMs` (default 2,000). */
  signal?: AbortSignal;
  graceMs?: number;
  /** A name under which `endGroup` finds the processes again, also from a later Box. */
  group?: string;
}

export interface ExitStatus {
  /** 128 + n where signal n ended it. */
  code: number;
  signal?: string;
}

export interface BoxProcess {
  /** The outputs throw what `exit` rejects with, so that a cut output is never taken for a whole one. */
  readonly stdout: ByteSource;
  readonly stderr: ByteSource;
  /**
   * Settles after both outputs have ended; rejects with `aborted` or `box_closed`, never for an exit code. A short
   * output (some 100 KiB) need not be read for it.
   */
  readonly exit: Promise<ExitStatus>;
}

export interface TerminalSize {
  cols: number;
  rows: number;
}

/** A program on a pseudo-terminal; ends with its Box. */
export interface Pty {
  readonly output: ByteSource;
  readonly exit: Promise<ExitStatus>;
  write(bytes: Bytes): Promise<void>;
  resize(size: TerminalSize): void;
  close(): void;
}

/** A connected byte stream, both ways. */
export interface ByteChannel {
  readonly readable: ByteSource;
  /** Resolves when the bytes were taken; waits while the other side reads slowly. Throws `connection_closed`. */
  write(bytes: Bytes): Promise<void>;
  /** Ends our direction. */
  end(): Promise<void>;
  /** Ends both directions at once. */
  destroy(): void;
}

export interface FileStat {
  type: "file" | "directory" | "symlink" | "other";
  size: number;
  /** Permission bits, as in 0o644. */
  mode: number;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
}

export interface FileEntry extends FileStat {
  name: string;
}

/** Files as the workspace's user sees them. Paths are absolute. Throws `file_not_found`, `not_a_directory`, `permission_denied`, `disk_full`. */
export interface BoxFiles {
  /** Of the entry itself: a link is reported, not followed. */
  stat(path: string, signal?: AbortSignal): Promise<FileStat>;
  list(path: string, signal?: AbortSignal): Promise<FileEntry[]>;
  /** From `offset` (default 0) at most `length` bytes (default all). */
  read(path: string, options?: { offset?: number; length?: number; signal?: AbortSignal }): ByteSource;
  /**
   * Replaces the file as a whole: readers see the old content or the new, never a part. A link is replaced, not
   * followed. Without `mode` the old file's stays, and a new one has 0644. Parents are not made.
   */
  write(path: string, content: ByteSource | Bytes, options?: { mode?: number; signal?: AbortSignal }): Promise<void>;
  /** With parents; an existing directory is success. */
  mkdir(path: string, signal?: AbortSignal): Promise<void>;
  rename(from: string, to: string, signal?: AbortSignal): Promise<void>;
  /** A directory with its content; what is absent is success. Links are removed, never followed. */
  remove(path: string, signal?: AbortSignal): Promise<void>;
}

export type BoxFeature = "files" | "connect" | "listen" | "pty" | "groups";

/** An open channel into one running workspace. Everything that touches a workspace goes through one. */
export interface Box extends AsyncDisposable {
  readonly id: WorkspaceId;
  readonly user: string;
  readonly home: string;
  /** Empty except where the place's image has no sshd; using a missing feature throws `box_feature_missing`. */
  readonly missing: readonly BoxFeature[];
  /** Resolves, with the reason, when the channel is gone. Never rejects. */
  readonly closed: Promise<WsError>;
  /** Where a repository of this name lies. */
  repositoryDirectory(name: string): string;
  /** Resolves when the process was started. Throws `command_not_found`, `box_closed`; for the cwd `file_not_found`, `not_a_directory`. */
  run(argv: Argv, options?: RunOptions): Promise<BoxProcess>;
  openPty(
    argv: Argv,
    options: { size: TerminalSize; cwd?: string; env?: Readonly<Record<string, string>> },
  ): Promise<Pty>;
  readonly files: BoxFiles;
  /** A connection to a port on the place's own loopback. Throws `connection_refused`. */
  connect(port: number, signal?: AbortSignal): Promise<ByteChannel>;
  /** Listens on a free port of the place's own loopback until disposed. */
  listen(accept: (channel: ByteChannel) => void): Promise<AsyncDisposable & { readonly port: number }>;
  /** Ends the processes run under this group name, by whichever Box; none is success. */
  endGroup(group: string, signal?: AbortSignal): Promise<void>;
}

// ── Terminals ────────────────────────────────────────────────────────────────────────────────────

export interface TerminalState {
  id: string;
  size: TerminalSize;
  /** The first offset that can still be read and the next that will be written: bytes since the terminal began. */
  start: number;
  end: number;
  createdAt: number;
  /** Present once the program has ended. */
  exit?: ExitStatus;
}

/**
 * Terminals whose programs outlive every client, the Box and the agent. The truth is a byte log kept in the
 * workspace: append-only, offsets are never reused, old bytes are dropped from the front.
 */
export interface Terminals {
  /** False where the place has no holder: its terminals end with the Box. */
  readonly durable: boolean;
  /** Starts the program; a terminal with this id that still runs is returned as it is. */
  open(options: {
    id: string;
    argv: Argv;
    size: TerminalSize;
    cwd?: string;
    env?: Readonly<Record<string, string>>;
  }): Promise<TerminalState>;
  list(signal?: AbortSignal): Promise<TerminalState[]>;
  /**
   * The program's bytes from an offset on, then live, until it ends or the signal aborts. A chunk's offset
   * jumps where bytes were dropped before they were read. Throws `terminal_not_found`.
   */
  read(id: string, from: number, signal?: AbortSignal): AsyncIterable<{ offset: number; bytes: Bytes }>;
  write(id: string, bytes: Bytes): Promise<void>;
  resize(id: string, size: TerminalSize): Promise<void>;
  /** Ends the program's process group; an ended one is success. */
  end(id: string): Promise<void>;
}

// ── The rest of the world ────────────────────────────────────────────────────────────────────────

/** Git, run inside workspaces. */
export interface Git {
  /** Throws `invalid_clone_url`, naming the accepted forms. */
  parseUrl(text: string): Pick<Repository, "url" | "name">;
  /** Leads the workspace's https git traffic through this Box to the worker, until the Box closes. */
  attach(box: Box, repository: Repository | undefined): Promise<void>;
  /**
   * Clones and checks out. Throws `authentication_failed`, `repository_not_found`, `repository_unreachable`, `branch_not_found`,
   * `disk_full`, `clone_failed`. Resolves to the branch that is checked out.
   */
  clone(
    box: Box,
    repository: Repository,
    options: { group: string; report: Report; env?: Readonly<Record<string, string>>; signal?: AbortSignal },
  ): Promise<{ branch: string }>;
}

export interface Script {
  name: string;
  content: Bytes;
  /** Whether a non-zero exit fails the start; otherwise it is a line in the log. */
  failOnError?: boolean;
}

/** What the worker's owner puts into every workspace. */
export interface Setup {
  /** Variables for processes, secrets included. Asked at every process start, so that a change reaches the next one. */
  environment(record: WorkspaceRecord): Promise<Record<string, string>>;
  /** Run as the workspace's user after the clone and after each start. */
  scripts(record: WorkspaceRecord): Promise<Script[]>;
}

/** Free space where workspaces are kept. */
export interface Disk {
  free(): Promise<{ bytes: number; totalBytes: number; inodes: number; totalInodes: number }>;
}

/**
 * The worker's memory. Synchronous, because a change and the check before it must be one step; a call that
 * returned is on disk.
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

/** One line of what the agent did for a workspace. */
export interface LogEntry {
  at: number;
  source: StepSource;
  line: string;
}
export type StepSource = "startup" | "script" | "agent";
