import type { Report } from "./progress.ts";
import type { Box } from "./box.ts";
import type { ImageRecipe } from "./image-recipe.ts";
import type { Bytes } from "./bytes.ts";
import type { Isolation, Limits, Profile, RuntimeName, WorkspaceId, WorkspaceRecord } from "./workspace.ts";

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

/** What a runtime needs to know of a workspace; all of it is fixed at create except the name. */
export interface PlaceSpec {
  id: WorkspaceId;
  name: string;
  profile: Profile;
  image?: string;
  /** Whether it runs a Docker engine of its own. */
  docker?: true;
  limits: Limits;
  /** The worker's directory with the git objects of its repository, to be readable in the place and nothing more. */
  objects?: string;
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
  /** How many CPUs its workspaces share, where it keeps limits on them. */
  cpus?: number;
  /** Where it keeps workspaces, where that is a directory of the agent's own machine; full, nothing new is begun. */
  dataDirectory?: string;
  /** What the programs are called that it runs workspaces with, and their versions. */
  parts?: Readonly<Record<string, string>>;
  /** The known holes in these. */
  flaws?: readonly Flaw[];
  /** What its own clock said when it was asked, in milliseconds since the epoch. */
  time?: number;
  /** By which version of control groups it keeps limits, and which of these its kernel does not keep. */
  cgroups?: { version: string; missing: readonly ("memory" | "swap" | "processes" | "CPU")[] };
}

/** A known hole in one of the programs that a runtime runs workspaces with. */
export interface Flaw {
  /** As it is called in `RuntimeStatus.parts`. */
  part: string;
  cves: readonly string[];
  /** A workspace gets out; or it may, for all that can be told from here; or it breaks what nothing here relies on. */
  kind: "escape" | "unclear" | "indirect";
  /** One sentence. */
  message: string;
  next: string;
}

/** What the processes of one place use; what cannot be told is absent. */
export interface PlaceUsage {
  id: WorkspaceId;
  /**
   * Processor time of all of them together, the ended ones included, since some beginning, and when that was read on a clock of the runtime's
   * own: only two readings say something. Where there was a new beginning it is less than before.
   */
  cpu?: { usedMs: number; atMs: number };
  /** Without what the kernel only keeps of files, and could drop. */
  memoryBytes?: number;
  /** Each thread counts, as it does for a limit. */
  processes?: number;
}

export interface PrintedOptions {
  /** The last lines only. */
  tail?: number;
  /**
   * Only what follows `Printed.at`, however often the place was stopped and the engine lost since. Where the engine's clock was
   * set back meanwhile, what is printed until it has caught up can be missing.
   */
  after?: string;
  follow?: boolean;
  signal?: AbortSignal;
}

/** Some of what a place printed; whole lines, but for one that is very long. */
export interface Printed {
  bytes: Bytes;
  /** Where these bytes end, in the runtime's own words; empty as long as nothing has a place there. */
  at: string;
  /** Which of several outputs it was printed to: a line is of one. */
  output?: string;
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
  /** Whether its places can be shown `objects`; it is not there for one whose places are on another machine. */
  readonly showsObjects: boolean;
  status(signal?: AbortSignal): Promise<RuntimeStatus>;
  /**
   * Makes what every workspace needs (the image, the network), or those that run Docker. Throws `image_build_failed`, `image_not_found`,
   * `disk_full`, `nested_docker_unavailable`.
   */
  prepare(options: { image?: string; docker?: boolean; report: Report; signal?: AbortSignal }): Promise<void>;
  /**
   * The name of the image that a recipe describes, made where it is not there yet, for the workspace that will be made of it; absent where
   * there are no images. Throws as `prepare`.
   */
  readonly image?: (
    recipe: ImageRecipe,
    options: { id: WorkspaceId; report: Report; signal: AbortSignal },
  ) => Promise<string>;
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
  /** What those of these places use that run, one entry each; the others, and what ends meanwhile, are left out. Absent where nothing tells. */
  usage?(ids: readonly WorkspaceId[], signal?: AbortSignal): Promise<PlaceUsage[]>;
  /** What the place itself printed, oldest first; ends at the present unless `follow`. */
  logs(id: WorkspaceId, options: PrintedOptions): AsyncIterable<Printed>;
  /** What happens without us asking; survives the engine's absence, reporting it. Ends when the signal aborts. */
  events(signal: AbortSignal): AsyncIterable<RuntimeEvent>;
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
