export { createGit, type GitOptions } from "./git.ts";
export { parseRepositoryUrl, type RepositoryUrl } from "./repo-url.ts";
