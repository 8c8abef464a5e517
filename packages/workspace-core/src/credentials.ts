import { WsError } from "./errors.ts";
import type { CredentialSelection, WorkspaceId } from "./workspace.ts";

export type CredentialType = "pat" | "oauth" | "github_app" | "ssh_key";
export type Access = "read" | "write";

/** A credential as everybody may see it. */
export interface CredentialSummary {
  id: string;
  type: CredentialType;
  /** `github`, or the host where no forge of ours is known there. */
  provider: string;
  host: string;
}

/** A token, as git's Basic authentication takes it. */
export interface TokenSecret extends CredentialSummary {
  username: string;
  password: string;
  /** Milliseconds since the epoch; absent where it does not say when it ends. */
  expiresAt?: number;
  privateKey?: never;
}

/** A private key, with which the worker itself speaks SSH to the forge. */
export interface SshKeySecret extends CredentialSummary {
  /** As OpenSSH writes it, or a PEM of the key's own kind. */
  privateKey: string;
  /** Of the forge, as it was given with the key: lines of `known_hosts` without their host, or fingerprints. */
  hostKeys: readonly string[];
  password?: never;
}

/** The secret itself. Never stored with a grant, never given to a workspace. */
export type GitSecret = TokenSecret | SshKeySecret;

/** Throws `credential_missing` for a key, which opens git alone. */
export function tokenOf(secret: GitSecret): TokenSecret {
  if (secret.privateKey === undefined) return secret;
  throw needsToken(secret);
}

/** What a key does not open. */
export function needsToken({ id, host }: CredentialSummary): WsError<"credential_missing"> {
  return new WsError("credential_missing", {
    message: `Authentication failed: a pull request needs a token of ${host}, and the credential '${id}' is an SSH key, which opens git alone.`,
    next: `Give the worker a token, 'ws credential set NAME --host ${host}', then the workspace a right with it: 'ws credential grant WORKSPACE'. Or open the pull request by hand: the branch is pushed.`,
    data: { host },
  });
}

/** For what a secret is shown to a forge: where it is made for that, it may do nothing else. `api` is pull requests and their checks. */
export type SecretPurpose = "git" | "api";

/** What one workspace may do with one repository through the worker, and until when. Holds no secret. */
export interface Grant {
  /** `grant-` and random letters. */
  id: string;
  workspace: WorkspaceId;
  execution?: string;
  /** The repository's URL as `Git.parseUrl` gives it. */
  url: string;
  access: Access;
  /** Branches it may push to, whole names. */
  branches: readonly string[];
  /** Whether it may rewrite those branches. */
  force: boolean;
  /** Whether it may push tags. */
  tags: boolean;
  /** Whether it may push changes of the forge's own automation, such as `.github/workflows`. */
  workflows: boolean;
  credential: CredentialSummary;
  /** With what the forge's API is asked where git's own credential is a key; absent where there is nothing for it. */
  apiCredential?: CredentialSummary;
  /** Milliseconds since the epoch, as all instants here. */
  createdAt: number;
  expiresAt: number;
  /** How long a renewal lasts; absent where this grant ends for good when it expires. */
  renewsMs?: number;
  lastUsedAt?: number;
  revokedAt?: number;
  /** It has ended because its credential is not among those that its workspace was left with: it comes back with one that is, and nobody else has ended it. */
  withheld?: true;
}

export interface GrantRequest {
  workspace: WorkspaceId;
  execution?: string;
  url: string;
  access: Access;
  branches: readonly string[];
  force?: boolean;
  tags?: boolean;
  workflows?: boolean;
  /** From which of the worker's credentials it may be. */
  credentials: CredentialSelection;
  /** Seconds; 3,600 where absent. More than 28,800 is refused. */
  ttlSeconds?: number;
  /** Whether it is renewed while its workspace lives. */
  renews?: boolean;
  /** A name for the audit. */
  reason?: string;
  /**
   * For whoever can do with less: told why, where there is no right or only one to read, because an app is not installed on
   * this repository, may not write to it, or its forge does not answer.
   */
  without?: (reason: WsError) => void;
}

/**
 * Where forges' credentials come from: what a user gave first, then an app's installation. Grants are written down before
 * they are used and outlive a restart.
 */
export interface CredentialSource {
  /**
   * The right of a workspace to a repository; one that it has already is widened and renewed. Undefined where the worker has no credential for that
   * host, which a public repository does not need. Throws `credential_invalid`, `credential_rejected`, `invalid_input` (`ttlSeconds`).
   */
  grant(request: GrantRequest, signal?: AbortSignal): Promise<Grant | undefined>;
  /** The live grant of a workspace for a repository. */
  find(workspace: WorkspaceId, url: string): Grant | undefined;
  /**
   * What the forge is shown for one request: from memory while it is good for ten more minutes, else anew. `refused` is the password that the forge has
   * just refused, which is then never given again; it is for git where `purpose` says nothing else, and a token for any other. Throws `credential_expired`, `credential_invalid`, `credential_missing` where it was taken from the worker, `credential_rejected`.
   */
  secret(
    grant: Grant,
    options?: { refused?: string; purpose?: SecretPurpose; signal?: AbortSignal },
  ): Promise<GitSecret>;
  /** Ends a workspace's grants, at the forge too where it can be told; repeating is safe. Resolves to those that were live. */
  revoke(workspace: WorkspaceId): Promise<Grant[]>;
  /** Ends live grants, too, and marks them as `withheld`, which a grant for the same repository takes away again, and each other end. */
  withhold(grants: readonly Grant[]): Promise<void>;
  /** Oldest first; ended ones only where asked for. */
  list(options?: { workspace?: WorkspaceId; ended?: boolean }): Grant[];
}

/**
 * Where grants are written down. Synchronous, because a change and the check before it must be one step; a call that
 * returned is kept. What is read is frozen.
 */
export interface GrantStore {
  /** Throws where the id is taken. */
  insert(grant: Grant): void;
  /** Replaces the grant with the same id. Throws `credential_not_found`. */
  update(grant: Grant): void;
  get(id: string): Grant | undefined;
  /** Oldest first, ended ones too. */
  list(options?: { workspace?: WorkspaceId; execution?: string }): Grant[];
  /** Forgets those that were revoked, or expired for good, before this instant. */
  forget(before: number): void;
}
