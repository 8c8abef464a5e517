import type { WorkspaceId, WorkspaceRecord } from "../workspace.ts";
import type { UsageEntry } from "./usage-entry.ts";

/** How far a log was read. */
export interface LogCursor {
  /** Of a file below the home its path from there; else a name that no such path has. */
  log: string;
  /** Bytes, up to the end of a line; of what is no file of lines 0. */
  offset: number;
  /** What its reader has to know to go on. */
  state: string;
}

export interface UsageBatch {
  entries: readonly UsageEntry[];
  cursor: LogCursor;
}

/** Where what was used is kept. It outlives the workspaces. */
export interface UsageLog {
  /** How far each log of a workspace was read. */
  cursors(workspace: WorkspaceId): ReadonlyMap<string, LogCursor>;
  /** Forgets it of logs that are gone. */
  forget(workspace: WorkspaceId, logs: readonly string[]): void;
  /** All of a batch or nothing; an answer that is known already is counted once, with the larger counts. */
  take(workspace: Pick<WorkspaceRecord, "id" | "name" | "execution">, batch: UsageBatch): void;
}
