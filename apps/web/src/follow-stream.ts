import { follow, judgeFailure, type Connection } from "@ws/rpc-contract/connection";
import { toProblem } from "./problem.ts";

export interface FollowOptions<T> {
  /** The page's own, so that all its streams are lost and come back together. */
  connection: Connection;
  open: (signal: AbortSignal) => Promise<AsyncIterable<T>>;
  /** The agent accepted; events may be long in coming. */
  onOpen?: () => void;
  onEvent: (event: T) => void;
  /** The stream broke; it is opened again by itself. */
  onLost: () => void;
  /** Asked where the agent ended the stream: whether that was all. Where absent an end is a loss like any other. */
  isOver?: (signal: AbortSignal) => Promise<boolean>;
  /** It is over, or refused: nothing follows. Given what it was refused with. */
  onEnd?: (refused?: unknown) => void;
}

export interface Following {
  stop(): void;
}

/** Reads a stream and opens it again after every loss, until stopped, or until the agent refuses it. */
export function followStream<T>(options: FollowOptions<T>): Following {
  const { onEnd, ...given } = options;
  const running = new AbortController();
  const end = (refused?: unknown): void => {
    if (!running.signal.aborted) onEnd?.(refused);
  };
  // A refused token has ended the session, and every screen returns to sign-in.
  void follow({ ...given, judge, signal: running.signal }).then(() => end(), end);
  return { stop: () => running.abort() };
}

/** A worker that its hub does not know may be known again, by the same name: a page of it waits as for one that is away. */
function judge(...[error, wasOpen]: Parameters<typeof judgeFailure>): ReturnType<typeof judgeFailure> {
  const problem = toProblem(error);
  if (problem.code !== "worker_not_found") return judgeFailure(error, wasOpen);
  return { kind: "lost", loss: { cause: "overloaded", problem, alone: true } };
}
