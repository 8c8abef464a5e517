import type { Argv } from "../box.ts";
import type { Bytes } from "../bytes.ts";

export interface RunRequest {
  /** Letters, digits, `-`, `_` and `.`, beginning with a letter; told apart from all others of the workspace, for ever. */
  id: string;
  argv: Argv;
  /** Absolute; the home where absent. */
  cwd?: string;
  /** Added to the place's own environment. May hold secrets: never becomes an argument or a file. */
  env?: Readonly<Record<string, string>>;
  /** Absent means empty. */
  stdin?: Bytes;
  /** Ends it after so long; counted in the workspace, also while no agent is there. */
  timeoutMs?: number;
  /** How many bytes of its output are kept: the first ones and the last ones. What lies between is dropped. */
  keep: { head: number; tail: number };
  /** Whether stderr goes into the output, in the order of arrival, or is kept beside it. */
  errors: "merged" | "apart";
}

/** How a run ended. `lost`: its place was stopped under it, or what keeps it was ended there, so that nobody knows; nothing of it goes on. */
export interface RunEnd {
  how: "exit" | "timeout" | "cancelled" | "lost";
  /** Of its program, where that ended by itself or was ended: 128 + n where signal n did it. */
  code?: number;
  signal?: string;
}

export interface RunState {
  id: string;
  /** The first offset of its output that can still be read and the next that will be written: bytes since it began. */
  start: number;
  end: number;
  /** Milliseconds since the epoch. */
  startedAt: number;
  ended?: RunEnd;
}

/**
 * Programs that run in a workspace and outlive the Box and the agent that started them. What exists is in the workspace: one run
 * per id, its output in files there. Every method throws `box_closed` where the channel goes.
 */
export interface Runs {
  /**
   * Resolves once it is held in the workspace. A run of this id that exists already, also one that has ended, is returned as it is and never
   * started twice, however many ask at once. Throws `command_not_found`, `permission_denied`, `invalid_input`, for the cwd `file_not_found` and
   * `not_a_directory`, `disk_full`, and `box_feature_missing` where the place cannot hold any; then nothing of it is there.
   */
  start(request: RunRequest): Promise<RunState>;
  /** Every run that was started and not removed. */
  list(signal?: AbortSignal): Promise<RunState[]>;
  /**
   * Settles when it has ended, however, and all of its output can be read: once its program has and nobody prints any more, or five seconds after
   * the program, because what that left behind on purpose lives on; also for one that another agent started. Throws `run_not_found`, `aborted`.
   */
  ended(id: string, signal?: AbortSignal): Promise<RunEnd>;
  /**
   * Bytes from an offset on, then live until it ends or the signal aborts; where `live` is false, what is there by now. An offset that jumps is what
   * was dropped. `errors` is the stderr of one that keeps it apart. Throws `run_not_found`.
   */
  read(
    id: string,
    from: number,
    options?: { stream?: "output" | "errors"; live?: boolean; signal?: AbortSignal },
  ): AsyncIterable<{ offset: number; bytes: Bytes }>;
  /**
   * Ends its process tree, also what left its group or its session: SIGTERM, SIGKILL after `graceMs` (default 2,000). Resolves once nothing of it runs.
   * One that has ended is success. One that was never started is not started any more: a later start of its id returns it as cancelled. Throws
   * `timeout` where something of it cannot be ended.
   */
  end(id: string, options?: { graceMs?: number; why?: "cancelled" | "timeout" }): Promise<void>;
  /** Removes what is kept of one that has ended; one that is gone is success, and one that goes on stays. */
  remove(id: string): Promise<void>;
}
