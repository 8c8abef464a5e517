import { execFile } from "node:child_process";
import type { Agent } from "@ws/agent";
import { EXIT } from "../errors.ts";

/** What an agent logs where it goes on as it was; the error is beside it. */
export const NOT_RESTARTED = "not restarted; this agent goes on as it was";

export interface EndAsked {
  readonly signal: AbortSignal;
  /** What has to be true before the agent is ended in order to begin anew; until it is given, a wish for that waits. */
  onRestart(check: () => Promise<boolean>): void;
  /** Whether it ends in order to begin anew. */
  toRestart(): boolean;
}

/**
 * The first request to end, after which a second one does not wait for what that began; SIGUSR2 asks for a new beginning, and is heeded
 * where what would begin can.
 */
export function endAsked(): EndAsked {
  const end = new AbortController();
  let toRestart = false;
  let isWished = false;
  let check: (() => Promise<boolean>) | undefined;
  const heed = async (may: () => Promise<boolean>): Promise<void> => {
    if (!(await may()) || end.signal.aborted) return;
    toRestart = true;
    end.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (end.signal.aborted && signal !== "SIGHUP") process.exit(EXIT.interrupted);
      toRestart = false;
      end.abort();
    });
  }
  process.on("SIGUSR2", () => {
    isWished = true;
    if (check !== undefined) void heed(check);
  });
  return {
    signal: end.signal,
    onRestart(given) {
      check = given;
      // A start that was under way is not given up for it: it could not be begun anew from there.
      if (isWished) void heed(given);
    },
    toRestart: () => toRestart,
  };
}

/** Whether the program as it lies there now goes on with this worker; asked of that program itself. Where it does not, the log says why. */
export function requireRestartable(log: Agent["log"]): Promise<boolean> {
  const [main = ""] = process.argv.slice(1);
  return new Promise((resolve) => {
    const words = [...process.execArgv, main, "agent", "check", "--json"];
    execFile(process.execPath, words, { timeout: CHECK_MS }, (failure, _out, stderr) => {
      if (failure === null) return resolve(true);
      const { next, ...error } = refusalIn(stderr) ?? { message: failure.message };
      log.error(NOT_RESTARTED, { error, ...(next === undefined ? {} : { next }) });
      resolve(false);
    });
  });
}

/** The token that the process had before it became this one, once: what this one starts does not have it. */
export function takeHandedOn(env: NodeJS.ProcessEnv): string | undefined {
  const { [HANDED_ON]: token } = env;
  delete env[HANDED_ON];
  return token;
}

const HANDED_ON = "WS_HANDED_ON_HUB_TOKEN";

const CHECK_MS = 30_000;

function refusalIn(stderr: string): { code?: string; message: string; next?: string } | undefined {
  try {
    return (JSON.parse(stderr) as { error: { code: string; message: string; next?: string } }).error;
  } catch {
    return undefined;
  }
}

/**
 * Puts the program as it lies there now in the place of this process, with the same words: whoever started it, a terminal or a supervisor, sees
 * the same process go on. A token that was typed or read is handed on, because it cannot be read again, and under a name of its own: WS_HUB_TOKEN
 * would hold over a setting that is made later.
 */
export function becomeAnew(hubToken: string | undefined): void {
  const env = hubToken === undefined ? process.env : { ...process.env, [HANDED_ON]: hubToken };
  process.execve?.(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], env);
}
