import { createAgentClient } from "@ws/rpc-contract/client";
import { readClientConfig, writeClientConfig } from "../client-config.ts";
import type { Io } from "../io.ts";
import { withoutWorker, type Worker } from "../known-workers.ts";
import { agentFetch } from "../sockets/agent-fetch.ts";
import { targetOf } from "../target.ts";
import { PATIENCE_MS } from "./behind.ts";

/** Takes a worker out of `client.json`, and ends there what this device got when it paired; resolves to whether nothing of that is left there. */
export async function forgetWorker(io: Io, worker: Worker): Promise<boolean> {
  writeClientConfig(io.env, withoutWorker(readClientConfig(io.env), worker.name));
  const { device, token } = worker;
  if (device === undefined || token === undefined) return true;
  try {
    const fetch = await agentFetch(targetOf(worker));
    const client = createAgentClient({ url: worker.url, fetch, token: () => token });
    await client.devices.revoke({ device }, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return true;
  } catch {
    return false;
  }
}
