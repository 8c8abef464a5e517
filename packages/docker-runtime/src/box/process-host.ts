import type { Bytes, Clock, ExitStatus, TerminalSize, WorkspaceId, WsError } from "@ws/workspace-core";

/** Where the bytes of one output go. */
export interface Sink {
  /** False asks for no more until `resume`. */
  push(chunk: Bytes): boolean;
  end(): void;
}

/** A shell that was given code to run, on whatever carries it. */
export interface RawProcess {
  /** Resolves to false once the process takes no more. */
  write(bytes: Bytes): Promise<boolean>;
  endInput(): void;
  resume(output: "stdout" | "stderr"): void;
  /** Settles after both sinks have ended; rejects with `box_closed`. */
  readonly exit: Promise<ExitStatus>;
  resize(size: TerminalSize): void;
  /** Ends what was started at once, where the way in can: for when nothing has said yet which process it is. */
  kill?(): void;
  /** Lets go of it. What runs is not signalled, except that a terminal hangs up. */
  release(): void;
}

export interface RawOptions {
  stdout: Sink;
  stderr: Sink;
  /** On a terminal; all output then comes on stdout. */
  pty?: TerminalSize;
  /** Which of two connections carries it, where there are two; interactive where absent. */
  traffic?: "interactive" | "bulk";
}

/** What running programs needs of the way into a container. */
export interface ProcessHost {
  readonly id: WorkspaceId;
  readonly home: string;
  /** The container's own variables. */
  readonly environment: Readonly<Record<string, string>>;
  clock: Pick<Clock, "sleep">;
  /** Where process groups are recorded. */
  readonly groups: string;
  /** Starts /bin/sh on this code, as a session leader. The code may hold secrets. */
  start(code: string, options: RawOptions): Promise<RawProcess>;
  closedError(): WsError;
  /** Where letting go of a terminal does not hang it up: told of each as it starts, gives what ends it. */
  hangUp?(pid: number, over: Promise<unknown>): () => void;
}
