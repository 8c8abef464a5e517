import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { AskSecret } from "@ws/workspace-core";
import { runWorkerGit } from "../worker-git/run-git.ts";
import type { WorkerGitOptions } from "../worker-git/start-git.ts";
import { whileRoom } from "./limits/free-space.ts";
import type { Network } from "./forge/network.ts";
import { CannotTell, type Upward } from "./push/history.ts";
import { PUSH_LIMITS } from "./push/limits.ts";
import type { Upstream } from "./forge/upstream.ts";
import { openWorkerForward } from "./worker-forward.ts";

/**
 * Asks the forge about what a push builds on, with the right that pushes it. What is fetched, names and directories only, goes
 * into repositories beside the push.
 */
export function askUpward(options: {
  /** Where to make them; goes with the push. */
  directory: string;
  objectFormat: "sha1" | "sha256";
  network: Network;
  url: string;
  secret: AskSecret;
  upstream?: Upstream;
  signal: AbortSignal;
}): Upward {
  const { signal } = options;
  return {
    async tips() {
      await using forward = await openWorkerForward(options);
      const git = { directory: options.directory, way: forward, limits: PUSH_LIMITS, signal };
      const argv = ["ls-remote", "--quiet", "--heads", "--", options.url];
      const listed = await cutBy(signal, forward, () => succeed(argv, git));
      return listed.split("\n").flatMap((line) => /^([0-9a-f]{40,64})\trefs\/heads\//.exec(line)?.[1] ?? []);
    },
    async ensure(commits, { history }) {
      const directory = join(options.directory, `known-${crypto.randomUUID()}`);
      await mkdir(directory, { mode: 0o700 });
      await using forward = await openWorkerForward(options);
      const git = { directory, way: forward, limits: PUSH_LIMITS, signal };
      const { freeBytes } = options.network;
      await succeed(["init", "--quiet", "--bare", `--object-format=${options.objectFormat}`], git);
      const fetch = (wanted: readonly string[], depth: readonly string[]): Promise<void> => {
        const filter = ["--filter=blob:none", "--no-tags", "--no-write-fetch-head", "--no-auto-gc"];
        const argv = ["fetch", "--quiet", ...filter, ...depth, "--", options.url, ...wanted];
        // How much it is, the forge decides.
        return whileRoom(directory, { freeBytes, signal }, async (fetching) => {
          await cutBy(fetching, forward, () => succeed(argv, { ...git, signal: fetching }));
        });
      };
      try {
        await fetch(commits, history ? [] : ["--depth=1"]);
      } catch (error) {
        if (!(error instanceof CannotTell && UNADVERTISED.test(error.message))) throw error;
        // What such a server gives by its name alone is below one of its branches, or is none of theirs.
        await fetch(["+refs/heads/*:refs/given/*"], []);
      }
      return join(directory, "objects");
    },
  };
}

/** By the first version of its protocol, a server may give only what is at a tip. */
const UNADVERTISED = /unadvertised object|not our ref/;

/** Ends what git's helpers wait for, too: git itself is waited for until they have ended. */
async function cutBy<T>(signal: AbortSignal, forward: AsyncDisposable, work: () => Promise<T>): Promise<T> {
  const cut = (): void => void Promise.resolve(forward[Symbol.asyncDispose]()).catch(() => undefined);
  signal.addEventListener("abort", cut);
  try {
    return await work();
  } finally {
    signal.removeEventListener("abort", cut);
  }
}

async function succeed(argv: readonly string[], git: WorkerGitOptions): Promise<string> {
  const { code, stdout, stderr } = await runWorkerGit(argv, git);
  if (code === 0) return stdout;
  const said = stderr.trim().split("\n").slice(-2).join(" ");
  throw new CannotTell(
    `what it builds on cannot be looked at: ${said.replace(/http:\/\/127\.0\.0\.1:\d+\//g, "https://").slice(0, 300) || code}`,
  );
}
