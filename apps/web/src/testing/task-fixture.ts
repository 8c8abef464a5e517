import type { TaskInfo } from "@ws/rpc-contract";

/** A command that waits for its turn in `demo`, but for what is given. */
export function taskFixture(given: Partial<TaskInfo> = {}): TaskInfo {
  return {
    id: "task-000000000001",
    workspaceId: "ws-1",
    workspace: "demo",
    title: "npm test",
    kind: "command",
    prompt: "npm test",
    status: "pending",
    priority: 0,
    dependsOn: [],
    attempt: 0,
    retriesLeft: 0,
    restartable: false,
    createdAt: "2026-11-01T10:00:00.000Z",
    changedAt: "2026-11-01T10:00:00.000Z",
    createdBy: "local",
    ...given,
  };
}
