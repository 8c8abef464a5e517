import type { WorkspaceId, WorkspaceRecord } from "../workspace.ts";

let ids = 0;

/** A workspace as a store keeps it, with an id and times of its own: one that is just being made. */
export function newRecord(name: string, changes: Partial<WorkspaceRecord> = {}): WorkspaceRecord {
  const id: WorkspaceId = `ws-${String(++ids).padStart(6, "0")}`;
  return {
    id,
    name,
    runtime: "docker",
    profile: "person",
    phase: "provisioning",
    power: "stopped",
    limits: {},
    env: {},
    startup: [],
    createdAt: ids,
    updatedAt: ids,
    lastUsedAt: ids,
    ...changes,
  };
}
