import {
  type Argv,
  type Bytes,
  createByteQueue,
  type ExitStatus,
  inTime,
  type Pty,
  type TerminalSize,
} from "@ws/workspace-core";

import { createHeaderReader, launchCode, launchError, notStarted } from "./launch.ts";
import type { ProcessHost, RawProcess } from "./process-host.ts";
import { abandon, awaitHeader } from "./run.ts";

/** Nobody can give an opening up, and neither the way in nor the workspace's shell need ever answer. */
const OPENED_WITHIN_MS = 15_000;
/** For what is started after all when nobody waits for it. */
const GRACE_MS = 2_000;

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
  const starting = host
    .start(code, {
      pty: size,
      stdout: {
        push(chunk) {
          const rest = launcher.push(chunk);
          return rest === undefined || rest.length === 0 || output.push(rest);
        },
        end: () => undefined,
      },
      stderr: { push: () => true, end: () => undefined },
    })
    .then((process) => (raw = process));
  const launched = starting.then((process) => awaitHeader(process, launcher));
  const late = (): Error => notStarted(`it said nothing within ${OPENED_WITHIN_MS / 1000} s`);
  const header = await inTime(host.clock, { ms: OPENED_WITHIN_MS, late }, () => launched).catch((error: unknown) => {
    void abandon(host, starting, launcher, GRACE_MS);
    throw error;
  });
  const started = await starting;
  if (header.type !== "started") {
    started.release();
    throw launchError(header, argv, cwd);
  }
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
