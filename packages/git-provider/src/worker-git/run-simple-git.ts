import { workerGitEnvironment, type WorkerGitPlace } from "./environment.ts";
import { type GitOutcome, KEPT_STDERR, MAX_STDOUT_BYTES } from "./run-git.ts";

/**
 * The same through simple-git, which tells git's progress line by line; its texts are latin1, so that no name is changed by
 * reading it. Git is interrupted at the signal, and ends its helpers itself. Rejects with the signal's reason.
 */
export async function runSimpleGit(
  argv: readonly string[],
  options: WorkerGitPlace & { signal: AbortSignal; stdin?: string; onLine?: (line: string) => void },
): Promise<GitOutcome> {
  const { signal, stdin, onLine } = options;
  signal.throwIfAborted();
  const environment = workerGitEnvironment(options);
  // Not when the agent starts, which needs none of it.
  const { simpleGit } = await import("simple-git");
  const tooMuch = new AbortController();
  let room = MAX_STDOUT_BYTES;
  const count = (part: Buffer): void => {
    room -= part.length;
    if (room < 0) tooMuch.abort(new Error(`git said more than ${MAX_STDOUT_BYTES} bytes`));
  };
  const ending = AbortSignal.any([signal, tooMuch.signal]);
  let outcome: GitOutcome | undefined;
  const git = simpleGit({
    baseDir: "/",
    abort: ending,
    // It refuses what is not named, and what can run programs: the environment is the worker's own making, whole.
    allowEnvironment: Object.keys(environment).filter((name) => name.startsWith("GIT_")),
    unsafe: ENVIRONMENT_IS_OURS,
    ...(stdin === undefined ? {} : { input: () => stdin }),
    // An exit code is a result; simple-git's own rule would take a silent failure for success.
    errors(error, { exitCode, stdOut, stdErr }) {
      outcome = {
        code: exitCode,
        stdout: Buffer.concat(stdOut).toString("latin1"),
        stderr: Buffer.concat(stdErr).toString("latin1").slice(-KEPT_STDERR),
      };
      return undefined;
    },
  })
    .env(environment)
    .outputHandler((_command, out, err) => {
      out.on("data", count);
      err.on("data", (part: Buffer) => {
        count(part);
        for (const line of part.toString("latin1").split(/[\r\n]/)) onLine?.(line);
      });
    });
  try {
    await git.raw([...argv]);
  } catch (error) {
    ending.throwIfAborted();
    throw error;
  }
  ending.throwIfAborted();
  if (outcome === undefined) throw new Error(`git ${argv[0]} ended without an outcome`);
  return outcome;
}

const ENVIRONMENT_IS_OURS = {
  allowUnsafeAskPass: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeHooksPath: true,
  allowUnsafeUrlRewrite: true,
};
