import { type GitOutcome, runWorkerGit } from "../worker-git/run-git.ts";

export interface LocalRunOptions {
  stdin?: string;
  env?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

/** Git on the worker's bare repositories, which people may have made. */
export interface LocalGit {
  /** An exit code is a result, not an error; rejects where git could not run, or was killed. */
  run(repository: string, argv: readonly string[], options?: LocalRunOptions): Promise<GitOutcome>;
  /** Standard output without its last line end. Throws where git fails. */
  read(repository: string, argv: readonly string[], options?: LocalRunOptions): Promise<string>;
}

export function createLocalGit({ path }: { path: string }): LocalGit {
  async function run(directory: string, argv: readonly string[], options: LocalRunOptions = {}): Promise<GitOutcome> {
    const outcome = await runWorkerGit(argv, { ...options, directory, path });
    if (outcome.code === 127) throw new Error("the worker has no git");
    if (outcome.code === 137) throw new Error(`git ${argv[0]} was killed on ${directory}`);
    return outcome;
  }
  return {
    run,
    async read(repository, argv, options) {
      const { code, stdout, stderr } = await run(repository, argv, options);
      if (code !== 0) throw new Error(`git ${argv[0]} failed on ${repository}: ${stderr.trim().slice(0, 500)}`);
      return stdout.replace(/\n$/, "");
    },
  };
}
