import { orAborted, throwIfAborted } from "../aborted.ts";
import { concatBytes, type Bytes } from "../bytes.ts";
import { WsError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { requireRunId } from "../runs/run-id.ts";
import type { RunEnd, RunRequest, Runs, RunState } from "../runs/runs.ts";

/** A program of fake runs: says something and returns how it ended. */
export type FakeRunProgram = (call: {
  request: RunRequest;
  print: (text: string | Bytes) => void;
  printError: (text: string | Bytes) => void;
  /** Aborts when it is to end. */
  signal: AbortSignal;
}) => Promise<{ code?: number; signal?: string }> | { code?: number; signal?: string };

export interface FakeRuns extends Runs {
  /** The ids of the programs that were really begun, in order. */
  readonly begun: readonly string[];
  /** Ends all that runs as a stop of the place does: nobody knows how. */
  stopPlace(): void;
}

interface Held {
  request: RunRequest;
  startedAt: number;
  output: Stream;
  errors: Stream;
  ended?: RunEnd;
  over: PromiseWithResolvers<RunEnd>;
  ending: AbortController;
}

/** Runs whose programs are functions; whoever holds the object is a further agent with the same workspace. */
export function createFakeRuns(options: {
  clock: Pick<Clock, "now" | "sleep">;
  programs?: Record<string, FakeRunProgram>;
}): FakeRuns {
  const { clock, programs = {} } = options;
  const held = new Map<string, Held>();
  const begun: string[] = [];

  function begin(request: RunRequest): Held {
    const { keep } = request;
    const run: Held = {
      request,
      startedAt: clock.now(),
      output: createStream(keep),
      errors: createStream(keep),
      over: Promise.withResolvers(),
      ending: new AbortController(),
    };
    held.set(request.id, run);
    return run;
  }

  function settle(run: Held, end: RunEnd): void {
    if (run.ended !== undefined) return;
    run.ended = end;
    run.ending.abort();
    run.output.finish();
    run.errors.finish();
    run.over.resolve(end);
  }

  async function execute(run: Held, program: FakeRunProgram): Promise<void> {
    const { request, output, errors, ending } = run;
    const { timeoutMs } = request;
    if (timeoutMs !== undefined) {
      clock.sleep(timeoutMs, ending.signal).then(
        () => settle(run, { how: "timeout", ...KILLED }),
        () => undefined,
      );
    }
    const print = output.write;
    const printError = request.errors === "apart" ? errors.write : output.write;
    const { code = 0, signal } = await program({ request, print, printError, signal: ending.signal });
    settle(run, { how: "exit", code, ...(signal === undefined ? {} : { signal }) });
  }

  function find(id: string): Held {
    requireRunId(id);
    const run = held.get(id);
    if (run !== undefined) return run;
    throw new WsError("run_not_found", {
      message: `There is no run '${id}'.`,
      next: "Ask for those that there are.",
      data: { run: id },
    });
  }

  return {
    begun,
    async start(request) {
      requireRunId(request.id);
      const known = held.get(request.id);
      if (known !== undefined) return stateOf(known);
      const program = programs[request.argv[0]];
      if (program === undefined) {
        throw new WsError("command_not_found", {
          message: `There is no command '${request.argv[0]}'.`,
          next: "Give the fake a program of this name.",
          data: { command: request.argv[0] },
        });
      }
      const run = begin(request);
      begun.push(request.id);
      void execute(run, program);
      return stateOf(run);
    },
    async list(signal) {
      throwIfAborted(signal);
      return [...held.values()].map(stateOf);
    },
    async ended(id, signal) {
      return orAborted(find(id).over.promise, signal);
    },
    async *read(id, from, { stream = "output", live = true, signal } = {}) {
      const { [stream]: source } = find(id);
      yield* source.read(from, live, signal);
    },
    async end(id, { why = "cancelled" } = {}) {
      requireRunId(id);
      const run = held.get(id) ?? begin({ id, argv: ["never"], keep: { head: 0, tail: 0 }, errors: "merged" });
      settle(run, { how: why, ...(begun.includes(id) ? KILLED : {}) });
    },
    async remove(id) {
      requireRunId(id);
      if (held.get(id)?.ended !== undefined) held.delete(id);
    },
    stopPlace() {
      for (const run of held.values()) settle(run, { how: "lost" });
    },
  };
}

const KILLED = { code: 143, signal: "SIGTERM" };

function stateOf({ request: { id }, startedAt, output, ended }: Held): RunState {
  const { start, end } = output.bounds();
  return { id, start, end, startedAt, ...(ended === undefined ? {} : { ended }) };
}

interface Stream {
  write: (text: string | Bytes) => void;
  finish(): void;
  bounds(): { start: number; end: number };
  read(from: number, live: boolean, signal?: AbortSignal): AsyncGenerator<{ offset: number; bytes: Bytes }>;
}

/** All of it is held, and told as if only the first and the last bytes were. */
function createStream({ head, tail }: RunRequest["keep"]): Stream {
  let bytes: Bytes = new Uint8Array();
  let isOver = false;
  let news = Promise.withResolvers<void>();
  const tell = (): void => {
    news.resolve();
    news = Promise.withResolvers();
  };
  /** Where what is kept goes on after an offset. */
  const kept = (at: number): number => (at >= head ? Math.max(at, bytes.length - tail) : at);
  return {
    write(text) {
      if (isOver) return;
      bytes = concatBytes([bytes, typeof text === "string" ? new TextEncoder().encode(text) : text]);
      tell();
    },
    finish() {
      isOver = true;
      tell();
    },
    bounds: () => ({ start: head > 0 ? 0 : kept(0), end: bytes.length }),
    async *read(from, live, signal) {
      let at = from;
      const end = live ? Infinity : bytes.length;
      for (;;) {
        if (signal?.aborted === true) return;
        at = kept(at);
        if (at >= end) return;
        if (at < bytes.length) {
          const until = at < head && bytes.length > head + tail ? head : bytes.length;
          const part = { offset: at, bytes: bytes.slice(at, until) };
          at = until;
          yield part;
        } else if (isOver) return;
        else await orAborted(news.promise, signal).catch(() => undefined);
      }
    },
  };
}
