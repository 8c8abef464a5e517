export { checkGitHubToken, type CheckTokenOptions, type TokenStatus } from "./check-token.ts";
export type { UserCredential } from "./choose.ts";
export {
  CredentialService,
  type CredentialServiceOptions,
  type GitCredentialRequest,
  type UserProvided,
} from "./credential-service.ts";
export { beginDeviceLogin, type DeviceCode, type DeviceLogin } from "./device-flow.ts";
export { GitCredential } from "./git-credential.ts";
export { createGitHubApp, type AppInstallation, type GitHubApp, type GitHubAppOptions } from "./github-app.ts";
export { apiUrlOf } from "./github-request.ts";
export { makeHelperScript, parseHelperScript, type HelperHeader, type HelperScript } from "./helper-script.ts";
export { createMemoryGrantStore } from "./memory-grant-store.ts";
export type { OAuthOptions, OAuthToken } from "./oauth.ts";
export type { CredentialProvider, MintedToken, TokenRequest } from "./provider.ts";
export { Secret } from "./secret.ts";
export { createCredentialSource, type CredentialSourceOptions, type WorkerCredentials } from "./source.ts";
export { readHostKey } from "./host-key.ts";
export { readSshKey, type SshKeyInfo } from "./ssh-key.ts";
export {
  createMemoryTokenStore,
  type StoredCredential,
  type StoredSshKey,
  type StoredToken,
  type TokenStore,
} from "./token-store.ts";
