import { orAborted, type Clock } from "@ws/workspace-core";
import type { LoginProgress } from "../runtimes/forge-credentials.ts";

/** One login at a time that outlasts whoever looks at it, for a while: a page that is loaded anew finds it again. */
export interface PendingLogin {
  /** What was told so far, and what comes; begins one where none is under way. Throws what the login ends with. */
  join(signal: AbortSignal): AsyncGenerator<LoginProgress>;
  /** Whether one was under way. */
  cancel(): boolean;
}

export interface PendingLoginPorts {
  begin: (signal: AbortSignal) => AsyncIterable<LoginProgress>;
  clock: Pick<Clock, "sleep">;
  /** The agent's own end. */
  closing: AbortSignal;
}

/** Long enough for a page to come back, and too short for a code that nobody remembers. */
const ALONE_MS = 60_000;

interface Attempt {
  readonly steps: LoginProgress[];
  /** Resolves with the next step, or the end. */
  news: PromiseWithResolvers<void>;
  end?: { error?: unknown };
  viewers: number;
  readonly ending: AbortController;
  /** While nobody looks. */
  alone?: AbortController;
}

export function createPendingLogin({ begin, clock, closing }: PendingLoginPorts): PendingLogin {
  let present: Attempt | undefined;

  function start(): Attempt {
    const attempt: Attempt = { steps: [], news: Promise.withResolvers(), viewers: 0, ending: new AbortController() };
    void run(attempt);
    return attempt;
  }

  async function run(attempt: Attempt): Promise<void> {
    try {
      for await (const step of begin(AbortSignal.any([attempt.ending.signal, closing]))) {
        attempt.steps.push(step);
        tell(attempt);
      }
      attempt.end = {};
    } catch (error) {
      attempt.end = { error };
    }
    tell(attempt);
  }

  function tell(attempt: Attempt): void {
    const { news } = attempt;
    attempt.news = Promise.withResolvers();
    news.resolve();
  }

  function drop(attempt: Attempt): void {
    if (present === attempt) present = undefined;
    attempt.alone?.abort();
    attempt.ending.abort();
  }

  async function leaveAlone(attempt: Attempt): Promise<void> {
    const alone = new AbortController();
    attempt.alone = alone;
    const waited = await clock.sleep(ALONE_MS, AbortSignal.any([alone.signal, closing])).then(
      () => true,
      () => false,
    );
    if (waited && attempt.viewers === 0) drop(attempt);
  }

  return {
    async *join(signal) {
      const attempt = (present ??= start());
      attempt.viewers += 1;
      attempt.alone?.abort();
      try {
        for (let at = 0; ;) {
          const { news, end } = attempt;
          const step = attempt.steps[at];
          if (step !== undefined) {
            at += 1;
            yield step;
          } else if (end !== undefined) {
            // Seen by somebody, it is over: the next one begins anew.
            drop(attempt);
            if ("error" in end) throw end.error;
            return;
          } else await orAborted(news.promise, signal);
        }
      } finally {
        attempt.viewers -= 1;
        if (attempt.viewers === 0 && present === attempt) void leaveAlone(attempt);
      }
    },
    cancel() {
      if (present === undefined) return false;
      const wasUnderWay = present.end === undefined;
      drop(present);
      return wasUnderWay;
    },
  };
}
