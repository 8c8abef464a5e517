import { join } from "node:path";
import type { AgentClient } from "@ws/rpc-contract/client";
import type { Lease } from "@ws/workspace-core";
import { expect, onTestFinished, test } from "vitest";
import { spawnAgent, type AgentProcess } from "../testing/agent-process.ts";
import { clientOn } from "../testing/test-agent.ts";
import { tempDir } from "../testing/temp-dir.ts";

const reference = "#git:tool";

/** A worker whose agent can be killed and started again. */
function createWorker() {
  const directory = tempDir();
  const configDirectory = join(directory.path, "config");
  const env = { WS_RUNTIME: "local", WS_LOCAL_SANDBOX: "none", HOME: directory.path };
  let running: AgentProcess | undefined;

  async function start(): Promise<AgentClient> {
    running = spawnAgent(configDirectory, env, "022", new URL("../testing/run-local-agent.ts", import.meta.url));
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
  return { start, kill };
}

/** Waits until some lease is at this stage, as another connection sees it. */
async function reached(client: AgentClient, stage: Lease["stage"]): Promise<void> {
  await expect
    .poll(async () => (await client.leases.list()).map((lease) => lease.stage), { interval: 5, timeout: 20_000 })
    .toContain(stage);
}

test("wherever an agent is killed while numbers are taken and given back, the next one has each either with its holder or free", async () => {
  const worker = createWorker();
  let client = await worker.start();
  await client.projects.init({ name: "tool" });
  const tokens: number[] = [];

  for (const point of ["acquired", "handed_over", "releasing"] as const) {
    const held = point === "releasing" ? await client.leases.acquire({ reference }) : undefined;
    const asked = Array.from({ length: 3 }, () => client.leases.acquire({ reference }));
    const over = Promise.allSettled(held === undefined ? asked : [client.leases.release({ lease: held.id }), ...asked]);
    await reached(client, point);
    await worker.kill();
    await over;

    client = await worker.start();
    const leases = await client.leases.list();
    expect(leases.every(({ stage }) => stage === "handed_over")).toBe(true);
    const workspaces = (await client.workspaces.list()).map(({ name }) => name);
    expect(workspaces.toSorted()).toEqual(leases.map(({ workspace }) => workspace).toSorted());
    const next = await client.leases.acquire({ reference });
    expect(leases.map(({ number }) => number)).not.toContain(next.number);
    tokens.push(next.token);
    for (const { id } of await client.leases.list()) {
      expect(await client.leases.release({ lease: id })).toEqual({ released: true });
    }
    expect([await client.leases.list(), await client.workspaces.list()]).toEqual([[], []]);
  }
  expect(tokens).toEqual(tokens.toSorted((a, b) => a - b));
});
