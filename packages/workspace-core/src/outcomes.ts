import type { PullRequestInfo } from "./pull-request-info.ts";
import type { WorkspaceId, WorkspaceRecord } from "./workspace.ts";

/** What became of a workspace that was to be cleaned up. */
export type Cleanup =
  | { id: WorkspaceId; name: string; kept: false }
  /** Kept because something in it lies nowhere else. */
  | {
      id: WorkspaceId;
      name: string;
      kept: true;
      reason: "unpushed_work";
      holder: string;
      /** Its git went through the worker, and needs another grant to go on. */
      needsGrant?: true;
    }
  /** Kept, with its grants, for who has it on lease; it goes when that is given back. */
  | { id: WorkspaceId; name: string; kept: true; reason: "leased"; holder: string; lease: string }
  | { id: WorkspaceId; name: string; kept: true; reason: "failed"; holder: string };

export interface Pushed {
  /** The workspace's own: what is checked out goes there. */
  branch: string;
  commit: string;
  /** The branch that is checked out, where it is another. */
  from?: string;
}

export interface Finalized {
  /** As it is now; where it was cleaned up, as it was. */
  record: WorkspaceRecord;
  pushed?: Pushed;
  pullRequest?: PullRequestInfo;
  cleanup?: Cleanup;
}

export interface ExecutionSummary {
  id: string;
  patternName?: string;
  /** Oldest first. */
  workspaces: readonly WorkspaceRecord[];
}
