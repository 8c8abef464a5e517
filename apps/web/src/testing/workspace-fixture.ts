import type { WorkspaceInfo } from "@ws/rpc-contract";

/** A running workspace, for tests. */
export function workspaceFixture(changes: Partial<WorkspaceInfo> = {}): WorkspaceInfo {
  return {
    id: "ws-1",
    name: "demo",
    status: "running",
    phase: "ready",
    containerId: "c0ffee",
    created: "2026-11-01T10:00:00.000Z",
    lastUsed: "2026-11-01T11:00:00.000Z",
    runtime: "docker",
    isolation: "container",
    profile: "person",
    limits: {},
    ports: { ssh: 0 },
    startup: { steps: [], updatedAt: "2026-11-01T10:00:10.000Z" },
    ...changes,
  };
}
