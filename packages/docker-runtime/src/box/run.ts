import {
  abortedError,
  type Argv,
  type BoxProcess,
  type ByteSource,
  createByteQueue,
  type ExitStatus,
  orAborted,
  type RunOptions,
  timeLimit,
  type WsError,
} from "@ws/workspace-core";

import { createEnding } from "./ending.ts";
import { endLeader, forgetGroup, groupDirectory, signalLeader } from "./groups.ts";
import { createHeaderReader, type Header, type HeaderReader, launchCode, launchError, notStarted } from "./launch.ts";
import type { ProcessHost, RawProcess } from "./process-host.ts";

/** Runs a program; resolves when it has taken the launcher's place. */
export async function runProcess(host: ProcessHost, argv: Argv, options: RunOptions = {}): Promise<BoxProcess> {
  const { cwd = host.home, env = {}, stdin, signal, graceMs = 2_000, group } = options;
  const { traffic = stdin === undefined || stdin instanceof Uint8Array ? "interactive" : "bulk" } = options;
  if (isAborted(signal)) throw abortedError(signal?.reason);
  const code = launchCode({
    argv,
    cwd,
    environment: { ...host.environment, ...env },
    ...(group !== undefined && { groupDirectory: groupDirectory(host, group) }),
  });

  const stdout = createByteQueue({ onSpace: () => raw?.resume("stdout") });
  const stderr = createByteQueue({ onSpace: () => raw?.resume("stderr") });
  const launcher = createHeaderReader();
  let raw: RawProcess | undefined;
  const starting = host
    .start(code, {
      // Their ends wait for how it ends: an output that was cut must not look whole.
      stdout: { push: stdout.push, end: () => undefined },
      stderr: {
        push(chunk) {
          const rest = launcher.push(chunk);
          return rest === undefined || rest.length === 0 || stderr.push(rest);
        },
        end: () => undefined,
      },
      traffic,
    })
    .then((process) => (raw = process));
  const onRequest = (): WsError => abortedError(signal?.reason, `'${argv[0]}' was ended on request.`);
  const launched = starting.then((process) => awaitHeader(process, launcher));
  launched.catch(() => undefined);
  // Not only the program: the workspace's shell, which is to become it, may never answer.
  const header = await orAborted(launched, signal).catch((failure: unknown): never => {
    const error = isAborted(signal) ? onRequest() : (failure as Error);
    stdout.fail(error);
    stderr.fail(error);
    void abandon(host, starting, launcher, graceMs);
    throw error;
  });
  const started = await starting;
  if (header.type !== "started") {
    started.release();
    throw launchError(header, argv, cwd);
  }

  const result = Promise.withResolvers<ExitStatus>();
  // Whoever is interested has it from `exit`; nobody has to be.
  result.promise.catch(() => undefined);
  let ending = false;
  let ended = false;
  const cutOutputs = (error: Error): void => {
    stdout.fail(error);
    stderr.fail(error);
    // An engine tells of no exit in the container while it holds output that nobody takes.
    started.resume("stdout");
    started.resume("stderr");
  };
  const end = async (error: Error): Promise<void> => {
    if (ending) return;
    ending = true;
    cutOutputs(error);
    await endLeader(host, header.pid, graceMs).catch(() => undefined);
    started.release();
    result.reject(error);
  };
  const onAbort = (): void => void end(onRequest());
  signal?.addEventListener("abort", onAbort, { once: true });
  if (isAborted(signal)) onAbort();
  started.exit
    .then(
      (status) => {
        if (ending) return;
        stdout.end();
        stderr.end();
        result.resolve(status);
      },
      (error: Error) => {
        // Who is ended with input under way may take its connection along: what it was ended for counts.
        if (ending) return;
        cutOutputs(error);
        result.reject(error);
      },
    )
    .finally(() => {
      ended = true;
      signal?.removeEventListener("abort", onAbort);
      if (group !== undefined) forgetGroup(host, group);
    });
  feed(started, stdin, (error) => void end(error));
  return {
    stdout: stdout.source,
    stderr: stderr.source,
    exit: result.promise,
    async signal(name) {
      if (!ended) await signalLeader(host, header.pid, name);
    },
  };
}

export async function awaitHeader(raw: RawProcess, launcher: HeaderReader): Promise<Header> {
  raw.exit.catch(() => undefined);
  const silent = raw.exit.then((): never => {
    throw notStarted(launcher.noise() || "it said nothing");
  });
  silent.catch(() => undefined);
  return Promise.race([launcher.header, silent]);
}

/** Ends what was started and is not waited for any more, as soon as it is known. */
export async function abandon(
  host: ProcessHost,
  starting: Promise<RawProcess>,
  launcher: HeaderReader,
  graceMs: number,
): Promise<void> {
  const raw = await starting.catch(() => undefined);
  if (raw === undefined) return;
  const header = await Promise.race([launcher.header, Promise.resolve()]).catch(() => undefined);
  if (header?.type === "started") await endLeader(host, header.pid, graceMs).catch(() => undefined);
  else {
    raw.kill?.();
    using limit = timeLimit(host.clock, graceMs + ABANDON_MS);
    const come = await orAborted(awaitHeader(raw, launcher), limit.signal).catch(() => undefined);
    if (come?.type === "started") await endLeader(host, come.pid, graceMs).catch(() => undefined);
  }
  raw.release();
}

/** A shell that says nothing for so long says nothing at all. */
const ABANDON_MS = 5_000;

function feed(raw: RawProcess, stdin: RunOptions["stdin"], onError: (error: Error) => void): void {
  if (stdin === undefined || (stdin instanceof Uint8Array && stdin.length === 0)) raw.endInput();
  else if (stdin instanceof Uint8Array) void raw.write(stdin).then(() => raw.endInput());
  else pump(raw, stdin).catch(onError);
}

async function pump(raw: RawProcess, source: ByteSource): Promise<void> {
  const iterator = source[Symbol.asyncIterator]();
  const ending = createEnding();
  raw.exit.then(ending.end, ending.end);
  try {
    for (;;) {
      // A program that ends without reading must not leave us waiting for its input.
      const next = await ending.until(iterator.next());
      if (next === "ended" || next.value.done === true) return;
      const bytes = next.value.value;
      if (bytes.length > 0 && !(await raw.write(bytes))) return;
    }
  } finally {
    raw.endInput();
    // Not awaited: a generator that is itself waiting answers only when that is over.
    iterator.return?.()?.catch(() => undefined);
  }
}

// A function, because the compiler takes the first answer for good.
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
