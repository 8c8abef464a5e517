import {
  createByteQueue,
  type Argv,
  type Bytes,
  type ExitStatus,
  type Pty,
  type TerminalSize,
} from "@ws/workspace-core";
import { boxClosed, boxUnavailable, startError } from "./box-errors.ts";
import { checkInside, type Command, type Inside } from "./entrance.ts";
import { exitStatus } from "./exit-status.ts";
import { endGroupOf } from "./groups.ts";
import type { ProcessHost } from "./run-process.ts";
import { ANSWER_MARK } from "./start-script.ts";

/** The part of node-pty that is used; with `encoding: null` its bytes are bytes. */
export interface PtyLibrary {
  spawn(
    file: string,
    args: string[],
    options: { name: string; cols: number; rows: number; cwd: string; env: Record<string, string>; encoding: null },
  ): PtyHandle;
}

interface PtyHandle {
  readonly pid: number;
  onData(listener: (bytes: Buffer) => void): void;
  onExit(listener: (exit: { exitCode: number; signal?: number }) => void): void;
  write(bytes: Buffer): void;
  resize(cols: number, rows: number): void;
  pause(): void;
  resume(): void;
  kill(signal: string): void;
}

/** Nothing where there is no build of it for this machine. */
export async function loadPtyLibrary(): Promise<PtyLibrary | undefined> {
  try {
    // Its declarations know text only.
    return (await import("@lydell/node-pty")) as unknown as PtyLibrary;
  } catch {
    return undefined;
  }
}

// The library drops what it has not read 200 ms after the program's end, so a reader may lag by this much before it is held back.
const OUTPUT_LIMIT = 4_194_304;
const HANG_UP_MS = 2_000;

/** Starts a program on a pseudo-terminal of this process; resolves when it has taken the start script's place. */
export async function openPty(
  host: ProcessHost,
  library: PtyLibrary,
  argv: Argv,
  options: { size: TerminalSize; cwd?: string; env?: Readonly<Record<string, string>> },
): Promise<Pty> {
  const { cwd = host.home, size } = options;
  if (host.closing.aborted) throw boxClosed(host.id);
  const env = { TERM: "xterm-256color", ...host.environment, ...options.env, PWD: cwd };
  const inside: Inside = { cwd, argv, env };
  checkInside(inside);
  const command = withDescriptors(host.entrance.command("terminal", inside));
  const handle = spawnPty(host, library, command, size);
  const record = host.groups.add(undefined, handle.pid);
  const output = createByteQueue({ limit: OUTPUT_LIMIT, onSpace: () => handle.resume() });
  const result = Promise.withResolvers<ExitStatus>();
  result.promise.catch(() => undefined);
  let over = false;

  const header = createHeader();
  handle.onData((bytes) => {
    const rest = header.take(bytes);
    if (rest.length > 0 && !output.push(rest)) handle.pause();
  });
  handle.onExit(({ exitCode, signal }) => {
    over = true;
    header.end();
    host.closing.removeEventListener("abort", onClosing);
    output.end();
    result.resolve(exitStatus(exitCode, signal));
    record.release();
  });

  const hangUp = (): void => {
    if (over) return;
    handle.kill("SIGHUP");
    // Paused, it would never see the end.
    handle.resume();
    void endGroupOf(handle.pid, { graceMs: HANG_UP_MS, clock: host.clock, isInside: host.isInside });
  };
  const onClosing = (): void => {
    output.fail(boxClosed(host.id));
    result.reject(boxClosed(host.id));
    hangUp();
  };
  host.closing.addEventListener("abort", onClosing, { once: true });

  const answer = await header.answer;
  if (answer !== "started") {
    hangUp();
    if (host.closing.aborted) throw boxClosed(host.id);
    throw startError(answer, argv[0], cwd) ?? boxUnavailable(host.id, answer.trim().slice(-500) || "it did not start");
  }
  return {
    output: output.source,
    exit: result.promise,
    async write(bytes: Bytes) {
      if (!over) handle.write(Buffer.from(bytes));
    },
    resize({ cols, rows }) {
      if (!over) handle.resize(cols, rows);
    },
    close: hangUp,
  };
}

/** Splits the start script's line off what the program prints. */
function createHeader(): { take(bytes: Buffer): Buffer; end(): void; readonly answer: Promise<string> } {
  const found = Promise.withResolvers<string>();
  let seen: Buffer | undefined = Buffer.alloc(0);
  return {
    answer: found.promise,
    take(bytes) {
      if (seen === undefined) return bytes;
      seen = Buffer.concat([seen, bytes]);
      const start = seen.indexOf(ANSWER_MARK);
      const end = start === -1 ? -1 : seen.indexOf("\n", start);
      if (end === -1) return Buffer.alloc(0);
      found.resolve(seen.toString("utf8", start + ANSWER_MARK.length, end).trim());
      const rest = seen.subarray(end + 1);
      seen = undefined;
      return rest;
    },
    // What came instead of an answer says why.
    end: () => found.resolve(seen?.toString() ?? ""),
  };
}

function spawnPty(host: ProcessHost, library: PtyLibrary, command: Command, { cols, rows }: TerminalSize): PtyHandle {
  const { file, args, env } = command;
  try {
    // Without a name of its own the library takes the one in the environment.
    const options = { name: env["TERM"] ?? "xterm-256color", cols, rows, cwd: "/", env: { ...env }, encoding: null };
    return library.spawn(file, [...args], options);
  } catch (error) {
    throw boxUnavailable(host.id, error instanceof Error ? error.message : String(error));
  }
}

/**
 * The library passes no descriptors on: a shell opens them again by this process's own paths. What leads into the sandbox shares the
 * terminal's foreground with the program and must not end when a person interrupts that.
 */
function withDescriptors(command: Command): Command {
  if (command.descriptors.length === 0) return command;
  const opened = command.descriptors.map((fd, index) => `${index + 4}</proc/${process.pid}/fd/${fd}`);
  return {
    file: "/bin/sh",
    args: ["-c", `trap "" INT QUIT; exec "$0" "$@" ${opened.join(" ")}`, command.file, ...command.args],
    env: command.env,
    descriptors: [],
  };
}
