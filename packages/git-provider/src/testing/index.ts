export {
  startGitServer,
  type GitServer,
  type RepositoryOptions,
  type SeenRequest,
  type ServedRepository,
} from "./git-server.ts";
