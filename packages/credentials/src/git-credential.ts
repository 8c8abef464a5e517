import type { Access, CredentialType, Grant } from "@ws/workspace-core";
import type { Secret } from "./secret.ts";

/** A credential that was given to a program. Its token is read with `token` and comes out in no other way. */
export class GitCredential {
  /** The grant's. */
  readonly id: string;
  readonly type: CredentialType;
  readonly provider: string;
  readonly host: string;
  readonly repo: string;
  readonly access: Access;
  readonly username: string;
  /** Of the grant, or of the token where that ends first. */
  readonly expiresAt: Date;
  readonly #token: Secret | undefined;

  constructor(grant: Grant, given: { username: string; token?: Secret; expiresAt?: number }) {
    const { id, credential, url, access } = grant;
    this.id = id;
    this.type = credential.type;
    this.provider = credential.provider;
    this.host = credential.host;
    this.repo = url;
    this.access = access;
    this.username = given.username;
    this.expiresAt = new Date(Math.min(grant.expiresAt, given.expiresAt ?? Infinity));
    this.#token = given.token;
  }

  /** Empty for an SSH key, which is used where it lies. */
  get token(): string {
    return this.#token?.reveal() ?? "";
  }
}
