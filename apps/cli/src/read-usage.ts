import type { WorkspaceInfo, WorkspaceUsage } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";

export type WithUsage = WorkspaceInfo & { usage?: WorkspaceUsage };

const PATIENCE_MS = 4_000;

/**
 * The workspaces, those that run with what they use; all alike where the worker does not tell in time. Takes half a second where
 * nobody else is looking: a share of the processor needs two readings.
 */
export async function withUsage(
  client: Pick<AgentClient, "workspaces">,
  workspaces: readonly WorkspaceInfo[],
  limit: AbortSignal = AbortSignal.timeout(PATIENCE_MS),
): Promise<WithUsage[]> {
  const running = workspaces.filter(({ status }) => status === "running");
  if (running.length === 0) return [...workspaces];
  const [only, ...others] = workspaces;
  const asked = only !== undefined && others.length === 0 ? { name: only.name } : {};
  const found = await latest(client, asked, limit);
  return workspaces.map((workspace) => {
    const usage = found.get(workspace.id);
    return usage === undefined ? workspace : { ...workspace, usage };
  });
}

async function latest(
  client: Pick<AgentClient, "workspaces">,
  asked: { name?: string },
  limit: AbortSignal,
): Promise<ReadonlyMap<string, WorkspaceUsage>> {
  let found: ReadonlyMap<string, WorkspaceUsage> = new Map();
  let left = 2;
  try {
    for await (const { usages } of await client.workspaces.usage(asked, { signal: limit })) {
      found = new Map(usages.map((usage) => [usage.id, usage]));
      left -= 1;
      if (left === 0 || usages.every(({ cpuPercent }) => cpuPercent !== undefined)) break;
    }
  } catch (error) {
    if (!limit.aborted) throw error;
  }
  return found;
}
