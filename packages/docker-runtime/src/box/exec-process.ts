import { randomBytes } from "node:crypto";
import { finished } from "node:stream/promises";

import type { Clock, ExitStatus, WsError } from "@ws/workspace-core";

import type { BoxContainer, ContainerExec } from "./container.ts";
import { createFrameParser } from "./demux.ts";
import { createEnding } from "./ending.ts";
import type { RawOptions, RawProcess, Sink } from "./process-host.ts";
import { asInput, READ_AND_RUN } from "./scripts.ts";
import { writeTo } from "./stream-writer.ts";

export interface ExecWay {
  container: BoxContainer;
  clock: Clock;
  /** Aborts when the Box closes. */
  lifetime: AbortSignal;
  /** A directory that only the container's user can enter. */
  base: string;
  closedError(): WsError;
}

/** Starts /bin/sh on this code through the engine. The code goes in on stdin: arguments are published by the engine. */
export async function startOverExec(way: ExecWay, code: string, options: RawOptions): Promise<RawProcess> {
  const { container, lifetime } = way;
  if (options.pty === undefined) {
    const exec = await container.exec(["/bin/sh", "-c", READ_AND_RUN], { signal: lifetime });
    const raw = overExec(way, exec, options);
    await raw.write(Buffer.from(asInput(code)));
    return raw;
  }
  // A terminal would echo the code and cut its lines, so that it waits in a file.
  const path = `${way.base}/run.${randomBytes(9).toString("hex")}`;
  const nothing: Sink = { push: () => true, end: () => undefined };
  const put = await startOverExec(way, `umask 077; cat >'${path}'`, { stdout: nothing, stderr: nothing });
  await put.write(Buffer.from(code));
  put.endInput();
  await put.exit;
  // It waits for its first line, so that no program sees a terminal that has no size yet.
  const take = 'read -r s; c=$(cat "$1"); rm -f "$1"; eval "$c"';
  const exec = await container.exec(["/bin/sh", "-c", take, "sh", path], { tty: true, signal: lifetime });
  const raw = overExec(way, exec, options);
  await exec.resize(options.pty).catch(() => undefined);
  await raw.write(Buffer.from("\n"));
  return raw;
}

function overExec(way: ExecWay, exec: ContainerExec, options: RawOptions): RawProcess {
  const { stream } = exec;
  const over = Promise.withResolvers<ExitStatus>();
  over.promise.catch(() => undefined);
  const ending = createEnding();
  let resized: Promise<void> = Promise.resolve();
  let held = new Set<"stdout" | "stderr">();
  let ended = false;

  const push = (output: "stdout" | "stderr", bytes: Buffer): void => {
    // One stream carries both, so that either's reader holds up the other.
    if (options[output].push(bytes)) return;
    held.add(output);
    stream.pause();
  };
  const parse = createFrameParser(push);
  stream.on("data", (chunk: Buffer) => (options.pty === undefined ? parse(chunk) : push("stdout", chunk)));
  stream.on("error", () => undefined);
  stream.on("end", () => {
    ended = true;
    ending.end();
    options.stdout.end();
    options.stderr.end();
    exitStatus(way, exec).then(over.resolve, () => over.reject(way.closedError()));
  });
  stream.on("close", () => {
    ending.end();
    if (!ended) over.reject(way.closedError());
  });
  const cut = (): void => {
    over.reject(way.closedError());
    stream.destroy();
  };
  way.lifetime.addEventListener("abort", cut, { once: true });
  if (way.lifetime.aborted) cut();
  const settled = (): void => way.lifetime.removeEventListener("abort", cut);
  over.promise.then(settled, settled);

  return {
    exit: over.promise,
    write: (bytes) => writeTo(stream, bytes, ending),
    endInput: () => void stream.end(),
    resume(output) {
      held.delete(output);
      if (held.size === 0) stream.resume();
    },
    resize(size) {
      // One after the other: the last one asked for has to be the one that stays.
      resized = resized.then(() => exec.resize(size)).catch(() => undefined);
    },
    release() {
      held = new Set();
      stream.destroy();
    },
  };
}

/** Also of a program that went with its container: the engine tells that first. */
const KILLED = 137;

async function exitStatus(way: ExecWay, exec: ContainerExec): Promise<ExitStatus> {
  const code = await exitCode(way, exec);
  if (code === KILLED && !(await goesOn(way))) throw way.closedError();
  return { code };
}

/** The output ends a moment before the engine knows the exit code. */
async function exitCode(
  { clock, lifetime }: Pick<ExecWay, "clock" | "lifetime">,
  exec: ContainerExec,
): Promise<number> {
  for (let pause = 1; ; pause = Math.min(pause * 2, 100)) {
    const code = await exec.exitCode();
    if (code !== undefined) return code;
    await clock.sleep(pause, lifetime);
  }
}

/** Whether a program can still be started: in a container whose first process was killed none can, whatever the engine says of it. */
async function goesOn(way: ExecWay): Promise<boolean> {
  try {
    const exec = await way.container.exec(["/bin/sh", "-c", "exit 7"], { signal: way.lifetime });
    exec.stream.on("error", () => undefined);
    await finished(exec.stream.resume(), { writable: false });
    return (await exitCode(way, exec)) === 7;
  } catch {
    return false;
  }
}
