import { randomUUID } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGitServer } from "@ws/git-provider/testing";
import { output } from "../commands.ts";
import { generateHistory } from "../git/history.ts";
import { timed } from "../harness.ts";

/** Git on this machine itself, and the server that ours clones from too. */
export interface GitPeer extends AsyncDisposable {
  url: string;
  /** Where the repository lies. */
  path: string;
  caFile: string;
  /** Serves the same repository under another name; resolves to its URL. */
  copy: () => Promise<string>;
  /**
   * Milliseconds of a `git clone` with these options. What it made is removed with the run: ext4 takes long to make thousands of
   * files where as many were removed within the last minute.
   */
  clone: (options: readonly string[], signal: AbortSignal) => Promise<number>;
  /** Milliseconds of `git worktree add` in a clone that is there already. */
  worktree: (signal: AbortSignal) => Promise<number>;
}

export async function startGitPeer(): Promise<GitPeer> {
  await using undo = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "ws-bench-git-"));
  undo.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  const server = undo.use(await startGitServer());
  const { url, path: original, gitWith, git } = await server.create("bench/app", { files: {} });
  await gitWith(generateHistory(), "fast-import", "--quiet");
  // As a forge keeps what is cloned often.
  await git("repack", "-a", "-d", "-q", "--write-bitmap-index");
  const env = { ...process.env, GIT_SSL_CAINFO: server.caFile, GIT_CONFIG_GLOBAL: "/dev/null" };
  let count = 0;
  let whole: Promise<string> | undefined;

  async function into(args: (path: string) => readonly string[], signal: AbortSignal): Promise<number> {
    count += 1;
    const path = join(directory, `copy-${count}`);
    return timed(() => output("git", args(path), { env, signal }));
  }

  async function cloneWhole(): Promise<string> {
    const path = join(directory, "whole");
    await output("git", ["clone", "--quiet", url, path], { env });
    return path;
  }

  const opened = undo.move();
  return {
    url,
    path: original,
    caFile: server.caFile,
    async copy() {
      const copied = await server.create(`bench/copy-${randomUUID()}`, { files: {} });
      await cp(original, copied.path, { recursive: true, force: true });
      return copied.url;
    },
    clone: (options, signal) => into((path) => ["clone", "--quiet", ...options, url, path], signal),
    async worktree(signal) {
      const main = await (whole ??= cloneWhole());
      return into((path) => ["-C", main, "worktree", "add", "--quiet", "-b", `work-${count}`, path], signal);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
