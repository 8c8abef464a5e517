import {
  type Argv,
  type Bytes,
  createByteQueue,
  type ExitStatus,
  orAborted,
  type Pty,
  type TerminalSize,
  timeLimit,
} from "@ws/workspace-core";

import { createHeaderReader, launchCode, launchError, notStarted } from "./launch.ts";
import type { ProcessHost, RawProcess } from "./process-host.ts";
import { awaitHeader } from "./run.ts";

/** Nobody can give an opening up, and the workspace's shell may never answer. */
const HEADER_WITHIN_MS = 15_000;

/** Runs a program on a pseudo-terminal; letting go of it hangs the terminal up. */
export async function openPtyProcess(
  host: ProcessHost,
  argv: Argv,
  options: { size: TerminalSize; cwd?: string; env?: Readonly<Record<string, string>> },
): Promise<Pty> {
  const { size, cwd = host.home, env = {} } = options;
  const code = launchCode({ argv, cwd, environment: { TERM: "xterm-256color", ...host.environment, ...env } });
  const output = createByteQueue({ onSpace: () => raw?.resume("stdout") });
  const launcher = createHeaderReader();
  let raw: RawProcess | undefined;
  raw = await host.start(code, {
    pty: size,
    stdout: {
      push(chunk) {
        const rest = launcher.push(chunk);
        return rest === undefined || rest.length === 0 || output.push(rest);
      },
      end: () => undefined,
    },
    stderr: { push: () => true, end: () => undefined },
  });
  const started = raw;
  const exit: Promise<ExitStatus> = started.exit.then(
    (status) => {
      output.end();
      return status;
    },
    (error: Error) => {
      output.fail(error);
      throw error;
    },
  );
  exit.catch(() => undefined);
  using limit = timeLimit(host.clock, HEADER_WITHIN_MS);
  const header = await orAborted(awaitHeader(started, launcher), limit.signal).catch((error: unknown): never => {
    started.release();
    throw limit.signal.aborted ? notStarted(`it said nothing within ${HEADER_WITHIN_MS / 1000} s`) : error;
  });
  if (header.type !== "started") {
    started.release();
    throw launchError(header, argv, cwd);
  }
  const hangUp = host.hangUp?.(header.pid, exit);
  return {
    output: output.source,
    exit,
    async write(bytes: Bytes) {
      if (!(await started.write(bytes))) throw host.closedError();
    },
    resize: (next) => started.resize(next),
    close() {
      started.release();
      hangUp?.();
    },
  };
}
