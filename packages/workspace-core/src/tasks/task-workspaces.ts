import type { Runs } from "../runs/runs.ts";
import type { Status, WorkspaceId } from "../workspace.ts";

/** A workspace, as far as tasks need to know it. */
export interface TaskPlace {
  id: WorkspaceId;
  name: string;
  status: Status;
  /** Whether something is being done to it, such as a start or a stop. */
  busy: boolean;
  /** Whether that is a restart, which ends all that runs in it. */
  restarting?: boolean;
  /** Whether it is stopped because somebody wanted that, or because its time was over. */
  toStayStopped: boolean;
  execution?: string;
}

/** The worker's workspaces, as far as tasks need them. */
export interface TaskWorkspaces {
  /** Throws `workspace_not_found`. */
  named(name: string): TaskPlace;
  /** Undefined once it is gone. */
  find(id: WorkspaceId): TaskPlace | undefined;
  /** Resolves when it runs; one that failed is tried again. */
  start(id: WorkspaceId): Promise<void>;
  /** What runs in it, which counts as use. Throws `workspace_not_running` and what the way into it meets. */
  runs(id: WorkspaceId, signal: AbortSignal): Promise<Runs>;
  /** What all its processes are given; empty once it is gone. */
  variables(id: WorkspaceId): Promise<Readonly<Record<string, string>>>;
  /** Whether such a file lies below its home. Throws as `runs` does. */
  hasFile(id: WorkspaceId, path: string, signal: AbortSignal): Promise<boolean>;
  /** Of which workspaces something changed, until the signal aborts. */
  changes(signal: AbortSignal): AsyncIterable<WorkspaceId>;
}
