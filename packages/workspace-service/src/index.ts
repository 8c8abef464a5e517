export { configFromEnvironment } from "./environment.ts";
export type { Credentials, WorkspaceServiceConfig, WorkspaceServiceOptions } from "./config.ts";
export type { EventHandler, WorkspaceEvent, WorkspaceEventType } from "./events.ts";
export type { BranchInfo, CleanupResult, Finalization, GitCredential, PullRequestInfo, Workspace } from "./objects.ts";
export type {
  FinalizeOptions,
  OnComplete,
  PullRequestOptions,
  UserCredentials,
  WorkspaceConfig,
  WorktreeConfig,
} from "./requests.ts";
export { createFileGrantStore } from "./state/file-grants.ts";
export { createFileStore } from "./state/file-store.ts";
export { WorkspaceService } from "./workspace-service.ts";
export {
  createBranchInfo,
  createGitHubForge,
  DEFAULT_BRANCH_PREFIX,
  filterBranchesByExecution,
  generateBranchName,
  generateSlug,
  isManagedBranch,
  parseBranchName,
} from "@ws/git-provider";
export { createGitHubApp, CredentialService } from "@ws/credentials";
export { isWsError, WsError } from "@ws/workspace-core";
