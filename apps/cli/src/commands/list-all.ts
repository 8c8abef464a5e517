import type { WorkerInfo, WorkspaceInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { connectAgent } from "../agent-connection.ts";
import type { Context } from "../context.ts";
import { toCliError } from "../errors.ts";
import { withUsage, type WithUsage } from "../read-usage.ts";

/** What one worker has; `problem` says why it could not be asked. */
export interface Listed {
  /** Absent for the agent itself. */
  worker?: string;
  state: WorkerInfo["state"];
  lastSeen?: string;
  workspaces: WithUsage[];
  problem?: string;
}

const AT_ONCE = 5;
const PATIENCE_MS = 3_000;

/** The workspaces of the agent and of every worker behind it; one that does not answer in time holds up nobody. */
export async function listAll(context: Context, { usage }: { usage?: true } = {}): Promise<Listed[]> {
  const { client, target } = await context.connect();
  // A worker behind a worker is not reached.
  const behind = target.on === undefined ? client.workers.list() : [];
  const uses = async (of: AgentClient, listed: Promise<WorkspaceInfo[]>, limit?: AbortSignal): Promise<WithUsage[]> =>
    usage === true ? withUsage(of, await listed, limit) : listed;
  const [own, workers] = await Promise.all([uses(client, client.workspaces.list()), behind]);
  const listed: Listed[] = workers.map(({ name, state, lastSeen }) => ({
    worker: name,
    state,
    workspaces: [],
    ...(lastSeen === undefined ? {} : { lastSeen }),
  }));
  const waiting = listed.filter(({ state }) => state === "online");
  const askNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        const on = await connectAgent(context.io, { ...target, on: next.worker ?? "" });
        const limit = AbortSignal.timeout(PATIENCE_MS);
        next.workspaces = await uses(on.client, on.client.workspaces.list(undefined, { signal: limit }), limit);
      } catch (error) {
        next.problem = isTimeout(error) ? "it did not answer in time" : toCliError(error).message;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askNext));
  return [{ state: "online", workspaces: own }, ...listed];
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === "TimeoutError";
}
