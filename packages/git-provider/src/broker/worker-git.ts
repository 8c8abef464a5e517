import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { throwIfAborted } from "@ws/workspace-core";

export interface WorkerGitOptions {
  /** A bare repository of the worker's own, which nobody in a workspace can write. */
  directory: string;
  /** Other repositories' objects, to be read along. */
  objects?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** In KiB of addresses. */
  memory?: number;
  signal: AbortSignal;
}

export type WorkerGit = ChildProcessByStdio<Writable, Readable, Readable>;

// What is in a pack decides how much memory and time git wants for it: ten minutes of processor at most.
const LIMITED = 'ulimit -v "$0" 2>/dev/null; ulimit -t 600 2>/dev/null; exec git "$@"';
/** In KiB of addresses; packs that the worker fetched are mapped whole. */
const MEMORY = 4_194_304;

/** Starts git on the worker with nothing of its user's environment and configuration. */
export function startWorkerGit(argv: readonly string[], options: WorkerGitOptions): WorkerGit {
  const child = spawn("/bin/sh", ["-c", LIMITED, String(options.memory ?? MEMORY), ...argv], {
    cwd: options.directory,
    stdio: ["pipe", "pipe", "pipe"],
    signal: options.signal,
    killSignal: "SIGKILL",
    env: {
      LC_ALL: "C",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_TERMINAL_PROMPT: "0",
      GIT_NO_REPLACE_OBJECTS: "1",
      ...options.env,
      PATH: process.env["PATH"],
      GIT_DIR: options.directory,
      ...(options.objects === undefined
        ? {}
        : { GIT_ALTERNATE_OBJECT_DIRECTORIES: options.objects.map((path) => JSON.stringify(path)).join(":") }),
    },
  });
  // What it could not take shows in how it ends.
  child.stdin.on("error", () => undefined);
  child.on("error", () => undefined);
  return child;
}

/** Runs it to its end. Rejects only with `aborted`, or where there is no git to start. */
export async function runWorkerGit(
  argv: readonly string[],
  options: WorkerGitOptions & { stdin?: string },
): Promise<{ code: number; stdout: string; stderr: string }> {
  throwIfAborted(options.signal);
  const child = startWorkerGit(argv, options);
  child.stdin.end(options.stdin ?? "");
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, code] = await Promise.all([gather(child.stdout), gather(child.stderr), ended]);
  throwIfAborted(options.signal);
  return { code: code ?? 137, stdout, stderr };
}

async function gather(source: Readable): Promise<string> {
  let text = "";
  for await (const chunk of source.setEncoding("utf8")) text = (text + String(chunk)).slice(-65_536);
  return text;
}
