import type { Access, Clock, CredentialType, Log, RepositoryPlace, SecretPurpose } from "@ws/workspace-core";
import type { Secret } from "./secret.ts";

/** What such a thing needs of its surroundings. */
export interface Surroundings {
  clock: Clock;
  log: Log;
  fetch: typeof globalThis.fetch;
}

export interface TokenRequest {
  repository: RepositoryPlace;
  access: Access;
  /** Whether changes of the forge's own automation may be pushed with it. */
  workflows?: boolean;
  /** For git where absent. */
  purpose?: SecretPurpose;
}

export interface MintedToken {
  token: Secret;
  /** What goes with it in Basic authentication. */
  username: string;
  /** Milliseconds since the epoch, by this machine's clock. */
  expiresAt: number;
}

/** Makes short-lived tokens for single repositories, such as an app that is installed at a forge. */
export interface CredentialProvider {
  /** By which a selection names it. */
  readonly id: string;
  /** Which forge it is of: `github`. */
  readonly name: string;
  readonly type: CredentialType;
  /** Whether it is used also for a workspace that may use none, or only named ones, of the worker's credentials. */
  readonly always?: boolean;
  serves(host: string): boolean;
  /**
   * Whether it could make such a token. Throws `credential_missing` where it has nothing to do with the repository,
   * `credential_invalid`, `credential_rejected`.
   */
  check(request: TokenRequest, signal?: AbortSignal): Promise<void>;
  /** A new token. Throws as `check` does. */
  mint(request: TokenRequest, signal?: AbortSignal): Promise<MintedToken>;
  /** Ends a token; one that has ended already is success. Throws `forge_unreachable`, `forge_refused`. */
  revoke(token: Secret, signal?: AbortSignal): Promise<void>;
}
