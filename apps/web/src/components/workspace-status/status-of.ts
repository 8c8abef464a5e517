import type { WorkspaceInfo } from "@ws/rpc-contract";

const doing = {
  create: "Creating",
  start: "Starting",
  stop: "Stopping",
  restart: "Restarting",
  rename: "Renaming",
  update: "Changing",
  finalize: "Finalizing",
  look: "Looking",
  delete: "Deleting",
} as const;

const resting = {
  creating: { tone: "busy", label: "Creating" },
  running: { tone: "good", label: "Running" },
  stopped: { tone: "quiet", label: "Stopped" },
  error: { tone: "bad", label: "Failed" },
} as const;

/** An operation under way is shown before the state it leaves. */
export function statusOf(workspace: WorkspaceInfo): { tone: "good" | "busy" | "quiet" | "bad"; label: string } {
  if (workspace.operation !== undefined) return { tone: "busy", label: doing[workspace.operation] };
  return resting[workspace.status];
}
