import type { WorkspaceId, WorkspaceRecord } from "@ws/workspace-core";

/** A record for tests. */
export function newRecord(name: string, changes: Partial<WorkspaceRecord> = {}): WorkspaceRecord {
  const id: WorkspaceId = `ws-${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
  return {
    id,
    name,
    runtime: "local",
    profile: "person",
    phase: "ready",
    power: "running",
    limits: {},
    env: {},
    startup: [],
    createdAt: 1,
    updatedAt: 1,
    lastUsedAt: 1,
    ...changes,
  };
}
