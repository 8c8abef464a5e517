import { hostname, platform } from "node:os";
import { createAgentClient, type AgentClient } from "@ws/rpc-contract/client";
import { pairDevice, WorkerNotProven, type PairedDevice } from "@ws/rpc-contract/pair-device";
import { parsePairingCode } from "@ws/rpc-contract/pairing";
import { readClientConfig, writeClientConfig } from "../client-config.ts";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { withWorker, type Worker } from "../known-workers.ts";
import { agentFetch } from "../sockets/agent-fetch.ts";
import type { Answering } from "./reach-worker.ts";

/**
 * Pairs this device with a worker and keeps what came of it in `client.json`, as the current worker. Throws
 * `pairing_failed`, `too_many_requests`, `config_invalid`; then nothing is kept on either side.
 */
export async function pairWith({ io }: Context, { target, pin }: Answering, code: string): Promise<Worker> {
  const paired = await pair(await clientOf(target), parsePairingCode(code) ?? code, pin);
  const config = readClientConfig(io.env);
  const { url, pin: kept } = target;
  const worker = { url, token: paired.token, device: paired.device, ...(kept === undefined ? {} : { pin: kept }) };
  const named = withWorker(config, { ...worker, wanted: paired.worker.name });
  const before = config.workers?.[named.name];
  try {
    writeClientConfig(io.env, named.config);
  } catch (error) {
    // Nobody would have the token that the worker knows.
    await endQuietly({ ...target, token: paired.token }, paired.device);
    throw error;
  }
  if (before?.token !== undefined && before.device !== undefined && before.device !== paired.device) {
    await endQuietly({ ...target, token: before.token }, before.device);
  }
  return { name: named.name, ...worker };
}

async function pair(client: AgentClient, code: string, pin: string | undefined): Promise<PairedDevice> {
  const name = hostname().split(".")[0]?.slice(0, 60) || "device";
  try {
    return await pairDevice({ client, code, pin, device: { name, kind: "cli", platform: platform() } });
  } catch (error) {
    if (!(error instanceof WorkerNotProven)) throw error;
    throw new CliError(
      "pairing_failed",
      "What answers there does not know the code: it is not the worker that printed it.",
      {
        next: "Nothing was kept. Check the address; somebody may be between you and the worker.",
        exit: EXIT.denied,
        cause: error,
      },
    );
  }
}

/** A device that nobody uses any more ends itself; where it cannot be told now, it stands in 'ws devices' until somebody revokes it. */
async function endQuietly(target: Answering["target"], device: string): Promise<void> {
  const client = await clientOf(target);
  await client.devices.revoke({ device }).catch(() => undefined);
}

async function clientOf(target: Answering["target"]): Promise<AgentClient> {
  return createAgentClient({ url: target.url, fetch: await agentFetch(target), token: () => target.token });
}
