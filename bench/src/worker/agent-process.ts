import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { paths, requireBuilt } from "../paths.ts";
import { socketFetch } from "./socket-fetch.ts";

export interface AgentProcess extends AsyncDisposable {
  pid: number;
  socketPath: string;
  /** Milliseconds from starting the process to its first good answer on /health. */
  healthyMs: number;
  /** Ends it as Ctrl-C does, and waits. */
  stop: () => Promise<void>;
}

const PATIENCE_MS = 60_000;
const POLL_MS = 5;

/** Runs `./ws agent run` on a configuration directory of its own and a free port, until disposed. */
export async function startAgentProcess(options: {
  configDirectory: string;
  environment?: Readonly<Record<string, string>>;
  signal: AbortSignal;
}): Promise<AgentProcess> {
  const { configDirectory, environment = {}, signal } = options;
  requireBuilt("cli", "agent");
  signal.throwIfAborted();
  const socketPath = join(configDirectory, "agent.sock");
  const logPath = join(configDirectory, "bench-agent.log");
  const log = openSync(logPath, "a", 0o600);
  const began = performance.now();
  const child = spawn(paths.ws, ["agent", "run"], {
    env: { ...ambient(), ...environment, WS_CONFIG_DIR: configDirectory, WS_PORT: "0" },
    stdio: ["ignore", log, log],
    // A group of its own: Ctrl-C in the terminal is for us, and we still need the agent to take things away.
    detached: true,
  });
  closeSync(log);
  const ended = once(child, "exit");
  ended.catch(() => undefined);

  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const late = new AbortController();
    const kill = delay(15_000, undefined, { signal: late.signal }).then(() => child.kill("SIGKILL"));
    await ended;
    late.abort();
    await kill.catch(() => undefined);
  }

  try {
    const fetch = socketFetch(socketPath);
    for (;;) {
      signal.throwIfAborted();
      if (child.exitCode !== null) throw new Error(`The agent ended with ${child.exitCode}.`);
      if (performance.now() - began > PATIENCE_MS) throw new Error("The agent did not become healthy in a minute.");
      if (await healthy(fetch, signal)) break;
      await delay(POLL_MS, undefined, { signal });
    }
  } catch (error) {
    await stop();
    if (signal.aborted) throw error;
    throw new Error(`${(error as Error).message}\n${tail(logPath)}`, { cause: error });
  }
  const healthyMs = performance.now() - began;
  return { pid: child.pid as number, socketPath, healthyMs, stop, [Symbol.asyncDispose]: stop };
}

async function healthy(fetch: ReturnType<typeof socketFetch>, signal: AbortSignal): Promise<boolean> {
  try {
    return (await fetch(new Request("http://localhost/health", { signal }))).ok;
  } catch {
    // No socket yet, or nobody behind it.
    return false;
  }
}

/** Our own environment less every setting of Workspace that is in it: only what a row sets may steer its agent. */
function ambient(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith("WS_") && !name.startsWith("PARALLAX_")),
  );
}

function tail(path: string): string {
  return readFileSync(path, "utf8").trim().split("\n").slice(-15).join("\n");
}
