import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { workerGitEnvironment, type WorkerGitPlace } from "./environment.ts";

export interface GitLimits {
  /** In KiB of addresses. */
  memory: number;
  /** Of processor time. */
  seconds: number;
}

export interface WorkerGitOptions extends WorkerGitPlace {
  /** None where absent: they are for what a stranger decides the size of. */
  limits?: GitLimits;
  /** Ends git, and with it every program that it has started. */
  signal?: AbortSignal;
}

export interface WorkerGit {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Its exit code, once it has ended and all is read; 137 where it was killed, 127 where there is no git. */
  readonly ended: Promise<number>;
  /** The same as the signal does; does nothing to one that has ended. */
  kill(): void;
}

const LIMITED = 'ulimit -v "$0" 2>/dev/null; ulimit -t "$1" 2>/dev/null; shift; exec git "$@"';

/** Starts git on the worker, in a repository of the worker's own or in none, for whoever reads it as it goes. */
export function startWorkerGit(argv: readonly string[], options: WorkerGitOptions): WorkerGit {
  const { limits, signal } = options;
  const { memory, seconds } = limits ?? { memory: "unlimited", seconds: "unlimited" };
  const child = spawn("/bin/sh", ["-c", LIMITED, String(memory), String(seconds), ...argv], {
    // Nothing lies there that a relative name could mean.
    cwd: "/",
    stdio: ["pipe", "pipe", "pipe"],
    // A process group of its own, because git's helpers would outlive git.
    detached: true,
    env: workerGitEnvironment(options),
  });
  const kill = (): void => killGroup(child);
  const ended = new Promise<number>((resolve) => {
    child.once("close", (code) => {
      signal?.removeEventListener("abort", kill);
      resolve(code ?? 137);
    });
  });
  // What it could not take, and that there is no shell, shows in how it ends.
  child.stdin.on("error", () => undefined);
  child.on("error", () => undefined);
  if (signal?.aborted === true) kill();
  else signal?.addEventListener("abort", kill);
  return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, ended, kill };
}

function killGroup({ pid, stdout, exitCode, signalCode }: ChildProcessByStdio<Writable, Readable, Readable>): void {
  const hasEnded = exitCode !== null || signalCode !== null;
  // Its number may be another's by then, unless somebody of the group still writes.
  if (pid === undefined || (hasEnded && stdout.closed)) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The last of them has just ended.
  }
}
