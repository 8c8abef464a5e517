import type { AuditEntry } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";

/** What callers did, newest first: without the scripts after a start, which end when they like. */
export async function audited({ audit }: Pick<AgentClient, "audit">, limit = 1_000): Promise<AuditEntry[]> {
  return (await audit.list({ limit: 1_000 })).filter(({ action }) => action !== "workspaces.script").slice(0, limit);
}
