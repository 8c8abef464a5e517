import { retryDelay, type Timers } from "@ws/rpc-contract/terminal-client";
import { isUnauthorized } from "./problem.ts";

export interface FollowOptions<T> {
  open: (signal: AbortSignal) => Promise<AsyncIterable<T>>;
  /** The agent accepted; events may be long in coming. */
  onOpen?: () => void;
  onEvent: (event: T) => void;
  /** The stream broke; it is opened again by itself. */
  onLost: (error: unknown) => void;
  /** The agent ended the stream. Where this is absent an end is a loss like any other. */
  onEnd?: () => void;
  timers: Timers;
  random: () => number;
}

export interface Following {
  /** Ends the wait between two attempts. */
  retryNow(): void;
  stop(): void;
}

/** Reads a stream and opens it again after every loss, until stopped or until the token is refused. */
export function followStream<T>(options: FollowOptions<T>): Following {
  const { open, onOpen, onEvent, onLost, onEnd, timers, random } = options;
  const running = new AbortController();
  const { signal } = running;
  let wake: (() => void) | undefined;
  void follow();
  return {
    retryNow: () => wake?.(),
    stop() {
      running.abort();
      wake?.();
    },
  };

  async function follow(): Promise<void> {
    let attempt = 0;
    let lostAt = timers.now();
    while (!signal.aborted) {
      let problem: unknown;
      try {
        const events = await open(signal);
        onOpen?.();
        for await (const event of events) {
          if (signal.aborted) return;
          attempt = 0;
          onEvent(event);
        }
        if (onEnd !== undefined && !signal.aborted) {
          onEnd();
          return;
        }
      } catch (error) {
        // The session has ended with it; every screen returns to sign-in.
        if (isUnauthorized(error)) return;
        problem = error;
      }
      if (signal.aborted) return;
      if (attempt === 0) lostAt = timers.now();
      onLost(problem);
      await wait(retryDelay(attempt, timers.now() - lostAt, random));
      attempt += 1;
    }
  }

  async function wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = timers.after(ms, resolve);
    wake = resolve;
    await promise;
    wake = undefined;
    cancel();
  }
}
