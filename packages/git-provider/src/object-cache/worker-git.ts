/** How one of the worker's own git commands ended; its outputs are latin1, so that no name is changed by reading it. */
export interface Outcome {
  ok: boolean;
  stdout: string;
  stderr: string;
}

/**
 * Runs git on the worker in a repository of its own making, with this environment and nothing of the user's. Rejects only
 * where it is aborted.
 */
export async function runWorkerGit(
  directory: string,
  argv: readonly string[],
  options: {
    env?: Readonly<Record<string, string>>;
    signal: AbortSignal;
    stdin?: string;
    onLine?: (line: string) => void;
  },
): Promise<Outcome> {
  const { env = {}, signal, stdin, onLine } = options;
  signal.throwIfAborted();
  const environment = { ...ALONE, ...env, PATH: process.env["PATH"], HOME: directory };
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  // Not when the agent starts, which needs none of it.
  const { simpleGit } = await import("simple-git");
  const git = simpleGit({
    baseDir: directory,
    abort: signal,
    allowEnvironment: Object.keys(environment).filter((name) => name.startsWith("GIT_")),
    // It is our own, and git's only configuration beside the repository's.
    unsafe: ENVIRONMENT_IS_OURS,
    ...(stdin === undefined ? {} : { input: () => stdin }),
  })
    .env(environment)
    .outputHandler((_command, out, err) => {
      out.on("data", (part: Buffer) => stdout.push(part));
      err.on("data", (part: Buffer) => {
        stderr.push(part);
        for (const line of part.toString("latin1").split(/[\r\n]/)) onLine?.(line);
      });
    });
  const failure = await git.raw([...argv]).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error("git failed", { cause: error })),
  );
  signal.throwIfAborted();
  const said = Buffer.concat(stderr).toString("latin1");
  return {
    ok: failure === undefined,
    stdout: Buffer.concat(stdout).toString("latin1"),
    // Where git could not even be started, it has said nothing itself.
    stderr: said === "" ? (failure?.message ?? "") : said,
  };
}

const ALONE = { LC_ALL: "C", GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", GIT_TERMINAL_PROMPT: "0" };

const ENVIRONMENT_IS_OURS = {
  allowUnsafeConfigEnvCount: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeUrlRewrite: true,
};
