import { join } from "node:path";
import type { AgentClient } from "@ws/rpc-contract/client";
import { onTestFinished } from "vitest";
import { type AgentProcess, spawnAgent } from "./agent-process.ts";
import { tempDir } from "./temp-dir.ts";
import { clientOn } from "./test-agent.ts";

/** A worker on the local runtime whose agent a test kills and starts again; when the test is over, nothing of it is left. */
export function createKillableWorker() {
  const directory = tempDir();
  const configDirectory = join(directory.path, "config");
  const env = { WS_RUNTIME: "local", WS_LOCAL_SANDBOX: "none", HOME: directory.path };
  let running: AgentProcess | undefined;

  async function start(): Promise<AgentClient> {
    running = spawnAgent(configDirectory, env, "022", new URL("run-local-agent.ts", import.meta.url));
    return clientOn((await running.healthy).socket);
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
  return { start, kill, path: directory.path };
}
