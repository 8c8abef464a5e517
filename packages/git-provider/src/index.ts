export { parseRepositoryUrl, type RepositoryUrl } from "./repo-url.ts";
