import type { AgentClient } from "@ws/rpc-contract/client";
import type { AgentOptions } from "../agent.ts";
import { createAdapters } from "../runtimes/adapters.ts";
import { createFakeAdapters } from "./fake-adapters.ts";
import { knownGitHub } from "./known-github.ts";
import { startTestAgent } from "./test-agent.ts";

/** The agent on a worker in memory, with the providers that it really has. */
export async function startWithProviders(env: Record<string, string> = {}, more: Partial<AgentOptions> = {}) {
  const fakes = createFakeAdapters();
  return startTestAgent({
    env: { PATH: process.env["PATH"] ?? "", ...env },
    adapters: (options) => ({ ...fakes, providers: createAdapters({ ...options, forges: [knownGitHub()] }).providers }),
    ...more,
  });
}

export async function failure(work: Promise<unknown>): Promise<{ wire: string; code: string; next: string }> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown as { code: string; data: { code: string; next?: string } },
  );
  if (error === undefined) throw new Error("it did not fail");
  return { wire: error.code, code: error.data.code, next: error.data.next ?? "" };
}

export async function remoteWith(
  agent: Awaited<ReturnType<typeof startTestAgent>>,
  scope: string,
): Promise<AgentClient> {
  return agent.remote((await agent.local.tokens.create({ name: scope, scope })).token);
}
