export { reachOf, type Reach } from "./broker/forge/addresses.ts";
export { createForgeFetch } from "./forges/forge-fetch.ts";
export type { ApiFetch } from "./forges/github/https-fetch.ts";
export { createGitHubForge, type GitHubForgeOptions } from "./forges/github.ts";
export { parsePullRequestUrl, type PullRequestUrl } from "./forges/pull-request-url.ts";
export { createGit, type GitOptions } from "./git.ts";
export { parseRepositoryUrl, type RepositoryUrl } from "./repo-url.ts";
export {
  type BranchConfig,
  type BranchInfo,
  type BranchNamingOptions,
  createBranchInfo,
  DEFAULT_BRANCH_PREFIX,
  filterBranchesByExecution,
  generateBranchName,
  generateSlug,
  isManagedBranch,
  type ManagedBranch,
  parseBranchName,
} from "./managed-branch.ts";
export {
  addWorktree,
  removeWorktree,
  type WorktreeOptions,
  type WorktreeState,
  worktreePaths,
  worktreeState,
} from "./worktrees.ts";
export { createBareGitProvider, type BareGitOptions } from "./providers/bare-git.ts";
export { createCdProvider } from "./providers/cd.ts";
export { createGitHubProvider, type GitHubOptions } from "./providers/github.ts";
export { createLocalRepositories, type LocalRepositoriesOptions } from "./providers/local-repositories.ts";
