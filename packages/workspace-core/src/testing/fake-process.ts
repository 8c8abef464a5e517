import { abortedError } from "../aborted.ts";
import { createByteQueue, type ByteQueue } from "../byte-queue.ts";
import type { Argv, BoxProcess, Bytes, ByteSource, ExitStatus, ProcessSignal, RunOptions } from "../ports.ts";

/** A program of a fake Box: gets its arguments and input, says something, and returns the rest and how it ended. */
export type FakeProgram = (call: {
  argv: Argv;
  options: RunOptions;
  stdin: ByteSource;
  /** Resolves when there is room for more. */
  print: (bytes: Bytes) => Promise<void>;
  /** Aborts when it is to end. */
  signal: AbortSignal;
  /** From now on signals do not end it but come here. */
  trap: (listener: (name: ProcessSignal) => void) => void;
}) => Promise<Outcome> | Outcome;

interface Outcome {
  stdout?: string;
  stderr?: string;
  code?: number;
}

/** The programs that every fake place has. */
export const FAKE_PROGRAMS: Readonly<Record<string, FakeProgram>> = {
  async cat({ stdin, print }) {
    for await (const bytes of stdin) await print(bytes);
    return {};
  },
  true: () => ({}),
  false: () => ({ code: 1 }),
  sleep: ({ signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve({}), { once: true })),
};

/** Ends in one of four ways: by itself, by its signal or its input's failure, with its group, or out of sight with its Box. */
export function startFakeProcess(
  program: FakeProgram,
  argv: Argv,
  options: RunOptions,
  box: { closing: AbortSignal; closedError: () => Error; onEndGroup: (end: () => void) => () => void },
): BoxProcess {
  const { closing, closedError } = box;
  const ending = new AbortController();
  const exit = Promise.withResolvers<ExitStatus>();
  exit.promise.catch(() => undefined);
  const space = { stdin: createSpace(), stdout: createSpace() };
  const stdin = createByteQueue({ onSpace: space.stdin.made });
  const stdout = createByteQueue({ onSpace: space.stdout.made });
  const stderr = createByteQueue();
  let isOver = false;
  let onSignal = (name: ProcessSignal): void => end({ code: 128 + NUMBERS[name], signal: name });

  function settle(say: (output: ByteQueue) => void): boolean {
    if (isOver) return false;
    isOver = true;
    for (const output of [stdout, stderr]) say(output);
    closing.removeEventListener("abort", onClosing);
    options.signal?.removeEventListener("abort", onAbort);
    forget();
    space.stdin.made();
    return true;
  }
  function fail(error: unknown): void {
    if (settle((output) => output.fail(error as Error))) exit.reject(error);
    ending.abort();
  }
  function end(status: ExitStatus): void {
    if (settle((output) => output.end())) exit.resolve(status);
    ending.abort();
  }
  const onAbort = (): void => fail(abortedError(options.signal?.reason));
  const onClosing = (): void => fail(closedError());
  const forget = box.onEndGroup(() => end({ code: 143, signal: "SIGTERM" }));
  closing.addEventListener("abort", onClosing, { once: true });
  options.signal?.addEventListener("abort", onAbort, { once: true });

  pump(options.stdin ?? new Uint8Array(), stdin, space.stdin, ending.signal).catch(fail);
  const print = async (bytes: Bytes): Promise<void> => {
    if (!stdout.push(bytes)) await space.stdout.wait();
  };
  // Begun later, so that whoever started it can listen first.
  Promise.resolve()
    .then(() =>
      program({
        argv,
        options,
        stdin: stdin.source,
        print,
        signal: ending.signal,
        trap: (listener) => void (onSignal = listener),
      }),
    )
    .then((outcome) => {
      if (outcome.stdout !== undefined) stdout.push(new TextEncoder().encode(outcome.stdout));
      if (outcome.stderr !== undefined) stderr.push(new TextEncoder().encode(outcome.stderr));
      end({ code: outcome.code ?? 0 });
    }, fail);
  return {
    stdout: stdout.source,
    stderr: stderr.source,
    exit: exit.promise,
    async signal(name) {
      if (!isOver) onSignal(name);
    },
  };
}

const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** Takes as much in as a pipe would, whether or not the program reads. */
async function pump(source: ByteSource | Bytes, into: ByteQueue, space: Space, over: AbortSignal): Promise<void> {
  if (source instanceof Uint8Array) {
    if (source.length > 0) into.push(source);
    return into.end();
  }
  for await (const bytes of source) {
    if (over.aborted) return;
    if (bytes.length > 0 && !into.push(bytes)) await space.wait();
    if (over.aborted) return;
  }
  into.end();
}

interface Space {
  made(): void;
  wait(): Promise<void>;
}

function createSpace(): Space {
  let next = Promise.withResolvers<void>();
  return {
    made() {
      next.resolve();
      next = Promise.withResolvers();
    },
    wait: () => next.promise,
  };
}
