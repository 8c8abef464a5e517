import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AgentClient } from "@ws/rpc-contract/client";
import { onTestFinished } from "vitest";
import { type AgentProcess, spawnAgent } from "./agent-process.ts";
import { tempDir } from "./temp-dir.ts";
import { clientOn } from "./test-agent.ts";

/** A worker on the local runtime whose agent a test kills and starts again; when the test is over, nothing of it is left. */
export function createKillableWorker(further: Record<string, string> = {}) {
  const directory = tempDir();
  const configDirectory = join(directory.path, "config");
  const env: Record<string, string> = {
    WS_RUNTIME: "local",
    WS_LOCAL_SANDBOX: "none",
    HOME: directory.path,
    ...further,
  };
  let running: AgentProcess | undefined;
  let at = { url: "", socket: "" };

  async function start(): Promise<AgentClient> {
    running = spawnAgent(configDirectory, env, "022", new URL("run-local-agent.ts", import.meta.url));
    at = await running.healthy;
    // Whoever has its address finds it there again.
    env["WS_PORT"] = new URL(at.url).port;
    return clientOn(at.socket);
  }
  async function kill(): Promise<void> {
    running?.child.kill("SIGKILL");
    await running?.ended;
  }
  onTestFinished(async () => {
    await kill();
    const client = await start();
    for (const { name } of await client.workspaces.list()) await client.workspaces.delete({ name, force: true });
    await kill();
    directory[Symbol.dispose]();
  });
  return {
    start,
    kill,
    path: directory.path,
    /** Where it is, or was. */
    at: () => at,
    /** Resident memory in MiB. */
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${running?.child.pid}/status`, "utf8"))?.[1]) / 1024,
  };
}
