import type { Readable } from "node:stream";
import { throwIfAborted } from "@ws/workspace-core";
import { startWorkerGit, type WorkerGitOptions } from "./start-git.ts";

export interface GitOutcome {
  /** As `WorkerGit.ended` has it. */
  code: number;
  stdout: string;
  /** Its end, where it is long. */
  stderr: string;
}

export const MAX_STDOUT_BYTES = 67_108_864;
export const KEPT_STDERR = 65_536;

/**
 * Runs git on the worker to its end; an exit code is a result, not an error. Rejects with `aborted`, and where it says more
 * than can be held.
 */
export async function runWorkerGit(
  argv: readonly string[],
  options: WorkerGitOptions & { stdin?: string },
): Promise<GitOutcome> {
  throwIfAborted(options.signal);
  const git = startWorkerGit(argv, options);
  git.stdin.end(options.stdin ?? "");
  try {
    const [stdout, stderr, code] = await Promise.all([whole(git.stdout), lastOf(git.stderr), git.ended]);
    throwIfAborted(options.signal);
    return { code, stdout, stderr };
  } finally {
    git.kill();
  }
}

async function whole(source: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_STDOUT_BYTES) throw new Error(`git said more than ${MAX_STDOUT_BYTES} bytes`);
  }
  return Buffer.concat(chunks).toString();
}

async function lastOf(source: Readable): Promise<string> {
  let text = "";
  for await (const chunk of source.setEncoding("utf8")) text = (text + String(chunk)).slice(-KEPT_STDERR);
  return text;
}
