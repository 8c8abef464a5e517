import {
  type Argv,
  type Bytes,
  createByteQueue,
  type ExitStatus,
  type Pty,
  type TerminalSize,
} from "@ws/workspace-core";

import { createHeaderReader, launchCode, launchError } from "./launch.ts";
import type { ProcessHost, RawProcess } from "./process-host.ts";
import { awaitHeader } from "./run.ts";

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
  const header = await awaitHeader(started, launcher);
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
