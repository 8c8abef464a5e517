import type { AgentClient } from "@ws/rpc-contract/client";
import type { Reach, Tool } from "./tool.ts";

/** Asks the agent what this caller may use. */
export async function findReach(client: AgentClient, signal?: AbortSignal): Promise<Reach> {
  const { scope, workspace, handler } = await client.auth.whoami(undefined, signal === undefined ? {} : { signal });
  // Within its own workspace it may write.
  if (scope === "workspace") {
    return { scope: "write", workspace: workspace ?? "", ...(handler === undefined ? {} : { handler }) };
  }
  return { scope };
}

const STRENGTH = { read: 1, write: 2, admin: 3 } as const;

/** Whether this caller is shown a tool. What it may do with it is judged by the procedures that the tool calls. */
export function isWithin({ needs, handler: lets }: Tool, { scope, workspace, handler }: Reach): boolean {
  if (handler !== undefined || lets !== undefined) return handler !== undefined && lets?.(handler) === true;
  if (workspace !== undefined) return needs.ownWorkspace === true;
  return STRENGTH[scope] >= STRENGTH[needs.scope];
}
