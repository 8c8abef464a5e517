import { execFile } from "node:child_process";
import type { Clock, Log } from "@ws/workspace-core";

export interface TellManagerOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Of the process that systemd watches. */
  pid: number;
  /** Whether the agent still does its work. */
  isWell: (signal: AbortSignal) => Promise<unknown>;
  /** Where it answers, for whoever asks systemd. */
  address: string;
  clock: Pick<Clock, "sleep">;
  log: Log;
  signal: AbortSignal;
  /** Passes words of sd_notify(3) on; rejects where they cannot be. */
  notify?: (words: readonly string[], signal: AbortSignal) => Promise<void>;
}

/**
 * Tells systemd, where that started this agent, that it is ready, and then often enough that it is well. Where it is not it says nothing, and
 * systemd ends it and starts it again.
 */
export function tellManager(options: TellManagerOptions): void {
  const { env, pid, isWell, address, clock, log, signal, notify = notifyFrom(env) } = options;
  if ((env["NOTIFY_SOCKET"] ?? "") === "") return;
  const everyMs = watchdogMs(env, pid);
  let problem: string | undefined;

  async function tellOnce(words: readonly string[]): Promise<boolean> {
    // A look that takes longer than the time between two of them has failed.
    const late = AbortSignal.any([signal, AbortSignal.timeout(everyMs ?? READY_MS)]);
    try {
      if (!(await isWell(late))) throw new Error("it does not answer itself");
      await notify(words, late);
      problem = undefined;
      return true;
    } catch (error) {
      const { message } = error as Error;
      if (!signal.aborted && problem !== message) log.warn("systemd is not told that this agent is well", { error });
      problem = message;
      return false;
    }
  }

  async function keepTelling(): Promise<void> {
    while (!(await tellOnce(["READY=1", `STATUS=Answers at ${address}`]))) await clock.sleep(READY_MS, signal);
    if (everyMs === undefined) return;
    for (;;) {
      await clock.sleep(everyMs, signal);
      await tellOnce(["WATCHDOG=1"]);
    }
  }
  // It ends with the agent.
  keepTelling().catch(() => undefined);
}

const READY_MS = 1_000;

/** A third of what systemd waits; undefined where it does not watch, or watches another process. */
function watchdogMs(env: TellManagerOptions["env"], pid: number): number | undefined {
  const limit = Number(env["WATCHDOG_USEC"]);
  const watched = env["WATCHDOG_PID"];
  if (!(limit > 0) || (watched !== undefined && watched !== String(pid))) return undefined;
  return Math.max(limit / 1_000 / 3, 100);
}

/** Node has no datagram sockets of the unix kind. The child may speak for the agent where the unit says `NotifyAccess=all`. */
function notifyFrom(env: TellManagerOptions["env"]): NonNullable<TellManagerOptions["notify"]> {
  return (words, signal) =>
    new Promise((resolve, reject) => {
      execFile("systemd-notify", [...words], { env, signal, timeout: 10_000 }, (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
}
