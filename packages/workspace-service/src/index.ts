export { createFileStore } from "./state/file-store.ts";
export { createFileGrantStore } from "./state/file-grants.ts";
export type {
  FinalizeOptions,
  OnComplete,
  PullRequestOptions,
  UserCredentials,
  WorkspaceConfig,
  WorktreeConfig,
} from "./requests.ts";
