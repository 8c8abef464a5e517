import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { AskSecret } from "@ws/workspace-core";
import type { Network } from "./network.ts";
import type { EnsureObjects } from "./push-history.ts";
import { runWorkerGit } from "./worker-git.ts";
import { openWorkerForward } from "./worker-forward.ts";

/** Fetches what a push builds on into repositories beside its own, names and directories only, for a worker that keeps none. */
export function fetchObjects(options: {
  /** Where to make them; goes with the push. */
  directory: string;
  objectFormat: "sha1" | "sha256";
  network: Network;
  url: string;
  secret: AskSecret;
  signal: AbortSignal;
}): EnsureObjects {
  return async (commits, { history }) => {
    const { signal } = options;
    const directory = join(options.directory, `known-${crypto.randomUUID()}`);
    await mkdir(directory, { mode: 0o700 });
    await using forward = await openWorkerForward(options);
    const git = { directory, env: forward.env, signal };
    await succeed(["init", "--quiet", "--bare", `--object-format=${options.objectFormat}`]);
    const depth = history ? [] : ["--depth=1"];
    const filter = ["--filter=blob:none", "--no-tags", "--no-write-fetch-head", "--no-auto-gc"];
    await succeed(["fetch", "--quiet", ...filter, ...depth, "--", options.url, ...commits]);
    return join(directory, "objects");

    async function succeed(argv: readonly string[]): Promise<void> {
      const { code, stderr } = await runWorkerGit(argv, git);
      if (code === 0) return;
      const said = stderr.trim().split("\n").slice(-2).join(" ");
      throw new Error(
        said.replace(/http:\/\/127\.0\.0\.1:\d+\//g, "https://").slice(0, 300) || `git ended with ${code}`,
      );
    }
  };
}
