import { spawn, type ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import {
  abortedError,
  createByteQueue,
  type Argv,
  type BoxProcess,
  type ByteQueue,
  type Clock,
  type ExitStatus,
  type RunOptions,
  type WorkspaceId,
} from "@ws/workspace-core";
import { boxClosed, boxUnavailable, startError } from "./box-errors.ts";
import { checkInside, type Entrance, type Inside } from "./entrance.ts";
import { exitStatus } from "./exit-status.ts";
import { feed } from "./feed.ts";
import { endGroupOf, signalGroupOf, type Groups, type IsInside } from "./groups.ts";

/** What processes of one Box have in common. */
export interface ProcessHost {
  readonly id: WorkspaceId;
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly entrance: Entrance;
  readonly groups: Groups;
  readonly clock: Clock;
  /** Whether a process is in the sandbox, where there is one. */
  readonly isInside: IsInside | undefined;
  /** Aborted when the Box closes. */
  readonly closing: AbortSignal;
}

/** Runs a program; resolves when it has taken the start script's place. */
export async function runProcess(host: ProcessHost, argv: Argv, options: RunOptions = {}): Promise<BoxProcess> {
  const { cwd = host.home, env = {}, signal } = options;
  const inside: Inside = { cwd, argv, env: { ...host.environment, ...env, PWD: cwd } };
  checkInside(inside);
  for (let attempt = 1; ; attempt += 1) {
    if (host.closing.aborted) throw boxClosed(host.id);
    if (signal?.aborted === true) throw endedOnRequest(argv, signal);
    const started = start(host, inside, options);
    const answer = await started.answer;
    if (answer === "started") return started.process;
    started.discard();
    if (host.closing.aborted) throw boxClosed(host.id);
    if (isAborted(signal)) throw endedOnRequest(argv, signal);
    const error = startError(answer, argv[0], cwd);
    if (error !== undefined) throw error;
    if (attempt === 2) throw boxUnavailable(host.id, await started.complaint());
    await host.entrance.repair();
  }
}

interface Started {
  /** The start script's line, or nothing where it ended without one. */
  readonly answer: Promise<string>;
  readonly process: BoxProcess;
  discard(): void;
  complaint(): Promise<string>;
}

function start(host: ProcessHost, inside: Inside, options: RunOptions): Started {
  const { stdin, signal, graceMs = 2_000, group } = options;
  const { file, args, env, descriptors } = host.entrance.command("run", inside);
  const child = spawn(file, args, {
    detached: true,
    env,
    cwd: "/",
    stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe", "pipe", ...descriptors],
  });
  const closed = new Promise<ExitStatus>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, killedBy) => resolve(exitStatus(code, killedBy)));
  });
  closed.catch(() => undefined);
  let ending = false;
  let over = false;
  const stdout = queueOf(child.stdout as Readable, () => ending);
  const stderr = queueOf(child.stderr as Readable, () => ending);
  const result = Promise.withResolvers<ExitStatus>();
  // Whoever is interested has it from `exit`; nobody has to be.
  result.promise.catch(() => undefined);

  const { pid } = child;
  const record = pid === undefined ? undefined : remember(host, child, group, pid);
  const letGo = (): void => {
    for (const stream of child.stdio) stream?.destroy();
    child.unref();
  };
  const fail = (error: Error): void => {
    stdout.fail(error);
    stderr.fail(error);
    result.reject(error);
  };
  const end = async (error: Error): Promise<void> => {
    if (ending) return;
    ending = true;
    // From here on nobody reads, and the program must be able to say its last words.
    stdout.fail(error);
    stderr.fail(error);
    if (pid !== undefined)
      await endGroupOf(pid, { graceMs, clock: host.clock, isInside: host.isInside }).catch(() => undefined);
    // What left the group may hold the outputs for ever.
    letGo();
    fail(error);
  };
  const onAbort = (): void => void end(endedOnRequest(inside.argv, signal));
  // The process lives on: it is found by its group.
  const onClosing = (): void => {
    if (ending) return;
    ending = true;
    fail(boxClosed(host.id));
    letGo();
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  host.closing.addEventListener("abort", onClosing, { once: true });
  if (signal?.aborted === true) onAbort();
  closed
    .then(
      (status) => {
        if (!ending) result.resolve(status);
      },
      (error: Error) => fail(error),
    )
    .finally(() => {
      over = true;
      signal?.removeEventListener("abort", onAbort);
      host.closing.removeEventListener("abort", onClosing);
      record?.release();
    });

  const control = child.stdio[3] as Readable & Writable;
  return {
    answer: Promise.race([
      answerOn(control),
      closed.then(
        () => "",
        () => "",
      ),
    ]).then((answer) => {
      control.destroy();
      if (answer === "started" && stdin !== undefined && child.stdin !== null) {
        feed(child.stdin, stdin, closed).catch((error: Error) => void end(error));
      }
      return answer;
    }),
    process: {
      stdout: stdout.source,
      stderr: stderr.source,
      exit: result.promise,
      async signal(name) {
        if (pid !== undefined && !over) signalGroupOf(pid, name, host.isInside);
      },
    },
    discard() {
      child.stdin?.destroy();
    },
    async complaint() {
      let text = "";
      for await (const part of stderr.source) text += Buffer.from(part).toString();
      return text.trim().slice(-500) || `${file} ended without a word`;
    },
  };
}

/** Written down first, then told to go on. */
function remember(host: ProcessHost, child: ChildProcess, group: string | undefined, pid: number): { release(): void } {
  const control = child.stdio[3] as Writable;
  control.on("error", () => undefined);
  try {
    const record = host.groups.add(group, pid);
    control.write("go\n");
    return record;
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

/** An output that ends because its program is being ended is cut: it gets an error later. */
function queueOf(stream: Readable, isCut: () => boolean): ByteQueue {
  const queue = createByteQueue({ onSpace: () => stream.resume() });
  stream.on("data", (chunk: Buffer) => {
    if (!queue.push(chunk)) stream.pause();
  });
  stream.on("error", () => undefined);
  stream.once("close", () => {
    if (!isCut()) queue.end();
  });
  return queue;
}

function answerOn(control: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    control.on("data", (part: Buffer) => {
      text += part.toString();
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
    control.once("end", () => resolve(""));
    control.once("close", () => resolve(""));
  });
}

function endedOnRequest([program]: Argv, signal: AbortSignal | undefined): Error {
  return abortedError(signal?.reason, `'${program}' was ended on request.`);
}

// A function, because the compiler takes the first answer for good.
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
