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
