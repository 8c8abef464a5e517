import {
  WsError,
  isWsError,
  timeLimit,
  type Argv,
  type ByteSource,
  type Clock,
  type Workspaces,
} from "@ws/workspace-core";

/** Seconds and bytes that hold where the caller asks for nothing else. */
const TIMEOUT_MS = 30_000;
const OUTPUT_LIMIT = 10 * 1024 * 1024;

export interface ExecInput {
  name: string;
  command: string | string[];
  timeout?: number | undefined;
  cwd?: string | undefined;
  env?: Record<string, string> | undefined;
}

/**
 * Runs a command to its end. At the timeout, or when the caller goes away, its whole process group is ended. Output
 * beyond the limit is read, so that the command is not held up, and left out. Throws `timeout`, and the reason for which
 * the caller has to go where that is an error of the domain.
 */
export async function exec(
  workspaces: Workspaces,
  input: ExecInput,
  clock: Clock,
  callerGone: AbortSignal,
): Promise<{ stdout: string; stderr: string; exitCode: number; truncated?: boolean }> {
  const { name, command, timeout = TIMEOUT_MS, cwd, env } = input;
  using limit = timeLimit(clock, timeout);
  const signal = AbortSignal.any([limit.signal, callerGone]);
  const argv = typeof command === "string" ? (["sh", "-c", command] as const) : (command as unknown as Argv);
  const budget = { left: OUTPUT_LIMIT, exceeded: false };
  try {
    const process = await workspaces.run(name, argv, {
      signal,
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env }),
    });
    const [stdout, stderr, exit] = await Promise.all([
      collect(process.stdout, budget),
      collect(process.stderr, budget),
      process.exit,
    ]);
    return { stdout, stderr, exitCode: exit.code, ...(budget.exceeded ? { truncated: true } : {}) };
  } catch (error) {
    if (isWsError(error) && error.code !== "aborted") throw error;
    if (isWsError(callerGone.reason)) throw callerGone.reason;
    if (!limit.signal.aborted) throw error;
    throw new WsError("timeout", {
      message: `The command did not end within ${timeout / 1_000} s and was ended with all its processes.`,
      next: "Give it more time with a larger timeout, or run it in a terminal: ws shell.",
      data: { afterMs: timeout },
      cause: error,
    });
  }
}

async function collect(source: ByteSource, budget: { left: number; exceeded: boolean }): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) {
    const taken = chunk.subarray(0, budget.left);
    if (taken.length < chunk.length) budget.exceeded = true;
    budget.left -= taken.length;
    if (taken.length > 0) chunks.push(taken);
  }
  return Buffer.concat(chunks).toString("utf8");
}
