import type { WatchBatch, WatchOptions } from "./box-watch.ts";
import type { Bytes, ByteSource } from "./bytes.ts";
import type { ConfinedFiles } from "./confined.ts";
import type { WsError } from "./errors.ts";
import type { FileStat } from "./file-stat.ts";
import type { WorkspaceId } from "./workspace.ts";

/** At least the program; never a shell string. */
export type Argv = readonly [string, ...string[]];

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
  /**
   * Which of the Box's channels carries it: what a person waits for keystroke by keystroke, or what may fill a channel.
   * Where absent the adapter decides: a streaming stdin, or an output known to be large, is bulk.
   */
  traffic?: "interactive" | "bulk";
}

export interface ExitStatus {
  /** 128 + n where signal n ended it. */
  code: number;
  signal?: string;
}

/** What a terminal, or whoever ends a program, may send it. */
export type ProcessSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

export interface BoxProcess {
  /** The outputs throw what `exit` rejects with, so that a cut output is never taken for a whole one. */
  readonly stdout: ByteSource;
  readonly stderr: ByteSource;
  /**
   * Settles after both outputs have ended; rejects with `aborted` or `box_closed`, never for an exit code. A short
   * output (some 100 KiB) need not be read for it.
   */
  readonly exit: Promise<ExitStatus>;
  /** Sends a signal to its process group, as Ctrl-C on a terminal does, and no more; one that has ended is success. */
  signal(name: ProcessSignal): Promise<void>;
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

export type BoxFeature = "files" | "confined" | "connect" | "listen" | "pty" | "groups";

/** An open channel into one running workspace. Everything that touches a workspace goes through one. */
export interface Box extends AsyncDisposable {
  readonly id: WorkspaceId;
  readonly user: string;
  readonly home: string;
  /** Empty except where the place's image has no sshd or no Perl; using a missing feature throws `box_feature_missing`. */
  readonly missing: readonly BoxFeature[];
  /** Where the place's `objects` lie in it, read-only; absent where they cannot be shown there. */
  readonly objects?: string;
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
  /** The files below a directory, absolute and itself no link, which nothing leads out of. */
  within(directory: string): ConfinedFiles;
  /**
   * What happens below a directory, absolute and itself no link, until the signal aborts; links are not followed. The first batch says
   * that anything may have changed: from then on nothing is missed. Throws `invalid_input`, `file_not_found`, also once the directory is
   * gone, `not_a_directory`, `permission_denied`, `box_closed`, and `internal` where the place ended what watches.
   */
  watch(directory: string, options?: WatchOptions): AsyncIterable<WatchBatch>;
  /** A connection to a port on the place's own loopback. Throws `connection_refused`. */
  connect(port: number, signal?: AbortSignal): Promise<ByteChannel>;
  /**
   * Listens on the place's own loopback until disposed: on this port, or on a free one where none is named. Throws `port_taken` where
   * something else listens there already.
   */
  listen(
    accept: (channel: ByteChannel) => void,
    options?: { port?: number },
  ): Promise<AsyncDisposable & { readonly port: number }>;
  /**
   * Listens on a socket file of the place until disposed; its directory must be there. What lies at the path is replaced, and only the Box's
   * user may enter. Throws `permission_denied` where none can be made.
   */
  listenAt(path: string, accept: (channel: ByteChannel) => void): Promise<AsyncDisposable>;
  /** Ends the processes run under this group name, by whichever Box; none is success. */
  endGroup(group: string, signal?: AbortSignal): Promise<void>;
}

export interface TerminalState {
  /** What it is found by for as long as it is kept; never changes. */
  id: string;
  /** What it is called: its id, until it is renamed. No two have the same. */
  name: string;
  size: TerminalSize;
  /** The first offset that can still be read and the next that will be written: bytes since the terminal began. */
  start: number;
  end: number;
  createdAt: number;
  /** Whether its output is recorded now, or was. */
  recording?: "on" | "kept";
  /** Present once the program has ended. */
  exit?: ExitStatus;
}

/** A terminal that was asked for. */
export interface OpenedTerminal extends TerminalState {
  /** Whether this call began its program. */
  isNew: boolean;
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
  }): Promise<OpenedTerminal>;
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
  /** Calls it something else, whether it runs or has ended. Throws `terminal_not_found`; whether another has the name is not looked at. */
  rename(id: string, name: string): Promise<void>;
  /**
   * Begins or ends to record its output, whoever looks or not; a new recording takes the place of the one before.
   * Throws `terminal_not_found`, and `box_feature_missing` where the place has no holder.
   */
  record(id: string, on: boolean): Promise<void>;
  /** The recording as it was written; nothing where there is none. Whoever is in the place can have written it. */
  recording(id: string, signal?: AbortSignal): AsyncIterable<Bytes>;
}
