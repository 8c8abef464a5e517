import type { RuntimeStatus } from "@ws/workspace-core";
import type { State } from "../store/store.ts";
import type { WorkerStatus } from "./status.ts";

/** What this worker tells its hub of itself. */
export function ownStatus(from: {
  hostname: string;
  version: string;
  state: Pick<State, "workspaces" | "tasks">;
  /** Absent until it is chosen. */
  runtime: RuntimeStatus | undefined;
}): Omit<WorkerStatus, "grant"> {
  const { hostname, version, state, runtime } = from;
  const workspaces = state.workspaces.list();
  const tasks = state.tasks.live();
  return {
    hostname,
    version,
    workspaces: workspaces.length,
    running: workspaces.filter(({ power }) => power === "running").length,
    tasks: tasks.length,
    tasksRunning: tasks.filter(({ status }) => status === "running").length,
    tasksWaiting: tasks.filter(({ status }) => status !== "running" && status !== "pending").length,
    ...(runtime === undefined ? {} : { runtime: runtime.runtime, isolation: runtime.isolation }),
  };
}
