import type { WorkerInfo } from "@ws/rpc-contract";
import { createAgentClient, type AgentClient } from "@ws/rpc-contract/client";
import { expect, onTestFinished } from "vitest";
import type { AgentOptions } from "../agent.ts";
import { startTestAgent, type TestAgent } from "./test-agent.ts";

export interface Linked {
  hub: TestAgent;
  worker: TestAgent;
  /** What the worker's link was made with. */
  token: string;
  /** A client of the worker through the hub, with a new token of the hub's of this scope. */
  through(scope: string): Promise<AgentClient>;
  /** The worker as the hub shows it. */
  shown(): Promise<WorkerInfo | undefined>;
  /** Starts a worker with the same token. */
  startWorker(options?: Partial<AgentOptions>): Promise<TestAgent>;
}

/** A hub, and a worker `desk` that has dialled out to it. Both end with the test. */
export async function startLinked(grant = "write", ofWorker: Partial<AgentOptions> = {}): Promise<Linked> {
  const hub = await startTestAgent();
  onTestFinished(() => hub[Symbol.asyncDispose]());
  const { token } = await hub.local.workers.add({ name: "desk" });
  const startWorker: Linked["startWorker"] = async (options = {}) => {
    const env = { WS_HUB_URL: hub.agent.url, WS_HUB_TOKEN: token, WS_HUB_GRANT: grant };
    const worker = await startTestAgent({ env, ...ofWorker, ...options });
    onTestFinished(() => worker[Symbol.asyncDispose]());
    return worker;
  };
  const worker = await startWorker();
  const shown = async () => (await hub.local.workers.list()).find(({ name }) => name === "desk");
  await expect.poll(async () => (await shown())?.hostname, { interval: 5 }).toBeDefined();
  return {
    hub,
    worker,
    token,
    shown,
    startWorker,
    async through(scope) {
      const made = await hub.local.tokens.create({ name: `${scope} ${Math.random()}`, scope });
      return createAgentClient({ url: `${hub.agent.url}/on/desk`, token: () => made.token });
    },
  };
}
