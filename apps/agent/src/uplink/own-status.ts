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
  return {
    hostname,
    version,
    workspaces: workspaces.length,
    running: workspaces.filter(({ power }) => power === "running").length,
    tasks: state.tasks.live().length,
    ...(runtime === undefined ? {} : { runtime: runtime.runtime, isolation: runtime.isolation }),
  };
}
