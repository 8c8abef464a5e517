import { execFile } from "node:child_process";
import { throwIfAborted } from "@ws/workspace-core";

export interface LocalOutcome {
  code: number;
  stdout: string;
  stderr: string;
}

export interface LocalGitOptions {
  /** The worker's PATH. */
  path: string;
}

export interface LocalRunOptions {
  stdin?: string;
  env?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

/** Git on bare repositories of the worker: no working tree, and nothing that a person or a repository configured for hooks. */
export interface LocalGit {
  /** An exit code is a result, not an error. */
  run(repository: string, argv: readonly string[], options?: LocalRunOptions): Promise<LocalOutcome>;
  /** Standard output without its last line end. Throws where git fails. */
  read(repository: string, argv: readonly string[], options?: LocalRunOptions): Promise<string>;
}

export function createLocalGit({ path }: LocalGitOptions): LocalGit {
  function run(repository: string, argv: readonly string[], options: LocalRunOptions = {}): Promise<LocalOutcome> {
    const { stdin, env = {}, signal } = options;
    throwIfAborted(signal);
    return new Promise((resolve, reject) => {
      const child = execFile(
        "git",
        // Named, so that git looks for no repository around it and for no owner.
        [`--git-dir=${repository}`, ...argv],
        {
          cwd: "/",
          env: { ...localGitEnvironment(path), ...env },
          maxBuffer: 16_777_216,
          ...(signal === undefined ? {} : { signal }),
        },
        (error, stdout, stderr) => {
          const code = error === null ? 0 : (error as { code?: unknown }).code;
          if (typeof code === "number") resolve({ code, stdout, stderr });
          else reject(error ?? new Error("git ended without a code"));
        },
      );
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(stdin ?? "");
    });
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

/** What git is given on the worker: neither the user's nor the system's configuration, no hooks, no prompts. */
export function localGitEnvironment(path: string): Record<string, string> {
  return {
    PATH: path,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_COUNT: "2",
    GIT_CONFIG_KEY_0: "core.hooksPath",
    GIT_CONFIG_VALUE_0: "/dev/null",
    GIT_CONFIG_KEY_1: "core.fsmonitor",
    GIT_CONFIG_VALUE_1: "false",
  };
}
