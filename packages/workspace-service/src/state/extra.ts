import type { WorkspaceId } from "@ws/workspace-core";
import type { FinalizeOptions, OnComplete } from "../requests.ts";

/** What is kept of a workspace beside its record. */
export interface Extra {
  id: WorkspaceId | `wt-${string}`;
  onComplete?: OnComplete;
  /** What was asked for and is not yet done, so that it goes on after a crash. */
  finalizing?: FinalizeOptions;
}
