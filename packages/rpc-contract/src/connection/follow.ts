import type { Connection } from "./connection.ts";
import { judgeFailure, type Verdict } from "./judge.ts";
import type { Loss, Problem, StopReason } from "./state.ts";

export interface FollowOptions<T> {
  connection: Connection;
  /** Opens the stream, after the event with this id where one was taken; called anew for each attempt. */
  open: (signal: AbortSignal, after: string | undefined) => Promise<AsyncIterable<T>>;
  /** What to go on after, once this event was taken. */
  idOf?: (event: T) => string | undefined;
  onOpen?: () => void;
  /** Awaited before the next one is asked for; what it throws is the end of the following. */
  onEvent: (event: T) => void | Promise<void>;
  /** It broke, or could not be opened; it is opened again by itself. */
  onLost?: (loss: Loss, error: unknown) => void;
  /** Asked where the agent ended the stream: whether that was all. Where absent it never is. */
  isOver?: (signal: AbortSignal) => Promise<boolean>;
  /** Whether to fail where not even the first attempt reaches anybody. */
  failAtFirst?: boolean;
  /** Judges what the attempts and `isOver` reject with. */
  judge?: (error: unknown, wasOpen: boolean) => Verdict;
  signal: AbortSignal;
}

/** The token was refused to something else of the same connection. */
export class ConnectionStoppedError extends Error {
  override readonly name = "ConnectionStoppedError";
  readonly reason: StopReason;
  readonly problem: Problem;

  constructor(reason: StopReason, problem: Problem) {
    super(problem.message);
    this.reason = reason;
    this.problem = problem;
  }
}

/**
 * Reads a stream and opens it again after every loss, where it was. Resolves once it is over, or the signal aborts. Rejects with the
 * agent's refusal, or with what `onEvent` threw.
 */
export function follow<T>(options: FollowOptions<T>): Promise<void> {
  const { connection, open, idOf, onOpen, onEvent, onLost, isOver, signal } = options;
  const { failAtFirst = false, judge = judgeFailure } = options;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (signal.aborted) return Promise.resolve();
  let after: string | undefined;
  let isReached = !failAtFirst;
  const link = connection.link({
    open(attempt) {
      const over = new AbortController();
      const ended = AbortSignal.any([signal, over.signal]);
      const told = {
        up(): void {
          isReached = true;
          attempt.up();
          onOpen?.();
        },
        lost(loss: Loss, error: unknown): void {
          onLost?.(loss, error);
          attempt.lost(loss);
        },
      };
      // Not at once, so that `link` is there when it ends.
      void Promise.resolve().then(() => read(told, ended));
      return () => over.abort();
    },
    stopped: (reason, problem) => reject(new ConnectionStoppedError(reason, problem)),
  });
  const leave = (): void => finish(resolve);
  signal.addEventListener("abort", leave, { once: true });
  return promise.finally(() => signal.removeEventListener("abort", leave));

  function finish(settle: () => void): void {
    settle();
    link.close();
  }

  async function read(
    told: { up: () => void; lost: (loss: Loss, error: unknown) => void },
    ended: AbortSignal,
  ): Promise<void> {
    let wasOpen = false;
    let taking = false;
    try {
      const events = await open(ended, after);
      if (ended.aborted) return void (await events[Symbol.asyncIterator]().return?.());
      wasOpen = true;
      told.up();
      for await (const event of events) {
        if (ended.aborted) return;
        connection.heard();
        taking = true;
        await onEvent(event);
        taking = false;
        after = idOf?.(event) ?? after;
      }
      if (ended.aborted) return;
      if (isOver !== undefined && (await isOver(ended))) finish(resolve);
      else told.lost({ cause: "going_away" }, undefined);
    } catch (error) {
      if (taking) return finish(() => reject(error));
      if (!ended.aborted) judged(judge(error, wasOpen), error, told.lost);
    }
  }

  function judged(verdict: Verdict, error: unknown, lost: (loss: Loss, error: unknown) => void): void {
    if (verdict.kind === "lost" && isReached) return lost(verdict.loss, error);
    finish(() => reject(error));
    if (verdict.kind === "stopped") connection.stop(verdict.reason, verdict.problem);
  }
}
