import type { WorkerInfo } from "@ws/rpc-contract";
import { connectAgent } from "../agent-connection.ts";
import type { Context } from "../context.ts";
import { workersOf, type Worker } from "../known-workers.ts";
import { findTarget } from "../target.ts";

export const PATIENCE_MS = 3_000;

/** The workers of this device; none where a command is for one behind another, which knows its own. */
export function knownTo({ io, on }: Context): { all: readonly Worker[]; current?: Worker } {
  const named = on ?? io.env["WS_ON"] ?? "";
  return named === "" ? workersOf(io.env) : { all: [] };
}

/**
 * Those that dial out to the agent that commands are for, and what that is called. Where it does not tell, and there is something to tell
 * of `besides`, undefined.
 */
export async function workersBehind(
  context: Context,
  besides: boolean,
): Promise<{ via: string; workers: WorkerInfo[] } | undefined> {
  try {
    // A device that knows workers is asked for none.
    const { io } = context;
    const { client, target } = await (besides ? connectAgent(io, await findTarget(io.env, "")) : context.connect());
    const workers = await client.workers.list(undefined, besides ? { signal: AbortSignal.timeout(PATIENCE_MS) } : {});
    return { via: target.on ?? workersOf(context.io.env).current?.name ?? "this machine", workers };
  } catch (error) {
    if (besides) return undefined;
    throw error;
  }
}
