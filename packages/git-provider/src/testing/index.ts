export { type Certificates, makeCertificates } from "./certificates.ts";
export { BRANCH, type GrantedPlace, openGranted, type SshForge } from "./granted-place.ts";
export { createGranting, type Granting } from "./granting.ts";
export {
  startGitServer,
  type GitServer,
  type PushFault,
  type RepositoryOptions,
  type SeenRequest,
  type ServedRepository,
} from "./git-server.ts";
export { startGitHubServer, type GitHubServer } from "./github/server.ts";
export type { GitHubFault } from "./github/faults.ts";
export type { GitHubRepository, GitHubRepositoryOptions } from "./github/hands.ts";
export { startLfsServer, type LfsFaults, type LfsRequest, type LfsServer } from "./lfs-server.ts";
export { startSshGitServer, type SshGitServer } from "./ssh-git-server.ts";
