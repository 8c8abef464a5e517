import type { WorkspaceId } from "@ws/workspace-core";

/** What a user gave for one workspace. A secret. */
export interface UserToken {
  workspace: WorkspaceId;
  type: "pat" | "oauth";
  token: string;
  username?: string;
}
