import { randomBytes } from "node:crypto";
import {
  inTime,
  isWsError,
  repositoryAt,
  WsError,
  type Clock,
  type Grant,
  type GrantStore,
  type Log,
  type WorkspaceId,
} from "@ws/workspace-core";
import { GitCredential } from "./git-credential.ts";
import { beginDeviceLogin, type DeviceCode } from "./device-flow.ts";
import { createEndingStore } from "./ending-store.ts";
import { createGitHubApp } from "./github-app.ts";
import { apiUrlOf } from "./github-request.ts";
import { createMemoryGrantStore } from "./memory-grant-store.ts";
import type { CredentialProvider } from "./provider.ts";
import { Secret } from "./secret.ts";
import { createCredentialSource, type WorkerCredentials } from "./source.ts";
import { readSshKey } from "./ssh-key.ts";
import { QUIET_LOG, SYSTEM_CLOCK } from "./surroundings.ts";
import { createMemoryTokenStore, type TokenStore } from "./token-store.ts";
import { TTL_LIMITS, ttlMs, type TtlLimits } from "./ttl.ts";

export type UserProvided =
  | { type: "pat" | "oauth"; token: string; provider?: string; username?: string }
  /** The machine's own SSH; a key that is given is only checked. */
  | { type: "ssh"; provider?: string; privateKey?: string };

export interface GitCredentialRequest {
  /** `github.com/org/repo` or a URL. */
  repo: string;
  access: "read" | "write";
  context: {
    executionId: string;
    taskId?: string;
    agentId?: string;
    userId?: string;
    reason?: string;
    /** Whose it is, where a workspace asks. */
    workspaceId?: WorkspaceId;
  };
  /** 3,600 where absent; more than 28,800 is refused. */
  ttlSeconds?: number;
  userProvided?: UserProvided;
  /** Whether having none is no error. */
  optional?: boolean;
}

export interface CredentialServiceOptions {
  defaultTtlSeconds?: number;
  maxTtlSeconds?: number;
  providers?: Iterable<CredentialProvider>;
  /** A GitHub App, as `createGitHubApp` takes it. */
  githubApp?: { appId: string | number; privateKey: string; host?: string; apiUrl?: string };
  grantStore?: GrantStore;
  tokenStore?: TokenStore;
  /** A login where nothing else is there: a person is shown a code. */
  oauth?: {
    clientId: string;
    host?: string;
    apiUrl?: string;
    scopes?: readonly string[];
    onVerification: (code: DeviceCode) => void;
  };
  logger?: Log;
  clock?: Clock;
  fetch?: typeof globalThis.fetch;
}

const LEAVING_MS = 2_000;
const NO_WORKSPACE: WorkspaceId = "ws-none";

/**
 * Credentials for programs: what a user provides first, then a token that is known already, then an app's, then a login.
 * Nothing is global: two services never meet.
 */
export class CredentialService implements AsyncDisposable {
  /** The same credentials behind the port of the core, for workspaces whose git goes through the worker. */
  readonly source: WorkerCredentials;
  readonly #options: CredentialServiceOptions;
  readonly #surroundings: { clock: Clock; log: Log; fetch: typeof globalThis.fetch };
  readonly #providers = new Map<string, CredentialProvider>();
  readonly #grants: GrantStore;
  readonly #tokens: TokenStore;
  readonly #ttl: TtlLimits;

  constructor(options: CredentialServiceOptions = {}) {
    const { clock = SYSTEM_CLOCK, logger: log = QUIET_LOG, fetch = globalThis.fetch } = options;
    this.#options = options;
    this.#surroundings = { clock, log, fetch };
    // One for all: what has ended has ended to everybody who asks here.
    this.#grants = createEndingStore(options.grantStore ?? createMemoryGrantStore(), log);
    this.#tokens = options.tokenStore ?? createMemoryTokenStore();
    this.#ttl = {
      defaultSeconds: options.defaultTtlSeconds ?? TTL_LIMITS.defaultSeconds,
      maxSeconds: options.maxTtlSeconds ?? TTL_LIMITS.maxSeconds,
    };
    for (const provider of options.providers ?? []) this.registerProvider(provider);
    if (options.githubApp !== undefined) {
      this.registerProvider(createGitHubApp({ ...options.githubApp, ...this.#surroundings }));
    }
    this.source = createCredentialSource({
      ...this.#surroundings,
      grants: this.#grants,
      tokens: this.#tokens,
      providers: () => [...this.#providers.values()],
      newId: newGrantId,
      ttl: this.#ttl,
      ...(options.oauth === undefined ? {} : { apiUrl: (host) => this.#apiUrl(host) }),
    });
  }

  /** Takes the place of one of the same name. */
  registerProvider(provider: CredentialProvider): void {
    this.#providers.set(provider.name, provider);
  }

  getProvider(name: string): CredentialProvider | undefined {
    return this.#providers.get(name);
  }

  /**
   * A credential for one repository, with its grant written down. Null where there is none and `optional` says so. Throws
   * `credential_missing`, `credential_invalid`, `credential_rejected`, `credential_expired`, `invalid_input` (`ttlSeconds`).
   */
  async getCredentials(request: GitCredentialRequest & { optional: true }): Promise<GitCredential | null>;
  async getCredentials(request: GitCredentialRequest): Promise<GitCredential>;
  async getCredentials(request: GitCredentialRequest): Promise<GitCredential | null> {
    const { userProvided } = request;
    const { host } = repositoryAt(request.repo);
    const lasts = ttlMs(request.ttlSeconds, this.#ttl);
    if (userProvided?.type === "ssh") return this.#ofSsh(request, lasts, userProvided.privateKey);
    // Each has a workspace of its own, so that ending one ends no other.
    const own: WorkspaceId = request.context.workspaceId ?? `${NO_WORKSPACE}-${randomBytes(8).toString("hex")}`;
    if (userProvided !== undefined) {
      const { type, token, username } = userProvided;
      this.source.bring(own, { type, token: new Secret(token), host, ...(username === undefined ? {} : { username }) });
    }
    const grant = await this.#grant(request, own).catch(async (error: unknown) => {
      if (!isWsError(error, "credential_missing")) throw error;
      const later = request.optional === true ? undefined : await this.#afterLogin(request, own, host);
      if (later === undefined && request.optional !== true) throw error;
      return later;
    });
    if (grant === undefined) return null;
    try {
      const secret = await this.source.secret(grant);
      // A key stays with the source, whose git uses it.
      if (secret.privateKey !== undefined) return new GitCredential(grant, { username: "git" });
      const { username, password, expiresAt } = secret;
      const token = new Secret(password);
      return new GitCredential(grant, { username, token, ...(expiresAt === undefined ? {} : { expiresAt }) });
    } catch (error) {
      await this.source.end([grant]);
      throw error;
    }
  }

  /** Ends it, at the forge too where it was made for this; repeating is safe. */
  async revokeCredential(id: string): Promise<void> {
    const grant = this.#grants.get(id);
    if (grant === undefined) {
      throw new WsError("credential_not_found", {
        message: `There is no credential ${id}.`,
        next: "Ask for it by the id that getCredentials gave.",
        data: { credential: id },
      });
    }
    await this.source.end([grant]);
  }

  /** How many were live. */
  async revokeForExecution(executionId: string): Promise<number> {
    return (await this.source.end(this.#grants.list({ execution: executionId }))).length;
  }

  async isValid(id: string): Promise<boolean> {
    const grant = this.#grants.get(id);
    return grant !== undefined && this.source.isLive(grant);
  }

  async getGrant(id: string): Promise<Grant | null> {
    return this.#grants.get(id) ?? null;
  }

  /** Ended ones too, oldest first. */
  async getGrantsForExecution(executionId: string): Promise<Grant[]> {
    return this.#grants.list({ execution: executionId });
  }

  getTokenStore(): TokenStore {
    return this.#tokens;
  }

  /** Ends the tokens that it made, at the forge too where that answers soon: nobody could end them later. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { clock, log } = this.#surroundings;
    await inTime(clock, { ms: LEAVING_MS, late: (cause) => cause }, () => this.source.endTokens()).catch(() => {
      log.warn("the forge did not answer in time; tokens stay good there until they expire", {});
    });
    await this.source[Symbol.asyncDispose]();
  }

  #grant({ repo, access, context, ttlSeconds }: GitCredentialRequest, workspace: WorkspaceId): Promise<Grant> {
    return this.source.demand({
      workspace,
      execution: context.executionId,
      url: urlOf(repo),
      access,
      branches: [],
      credentials: "all",
      ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
      ...(context.reason === undefined ? {} : { reason: context.reason }),
    });
  }

  async #afterLogin(request: GitCredentialRequest, workspace: WorkspaceId, host: string): Promise<Grant | undefined> {
    const { oauth } = this.#options;
    if (oauth === undefined || request.optional === true || (oauth.host ?? "github.com") !== host) return undefined;
    const login = await beginDeviceLogin({ ...this.#surroundings, ...oauth, host, apiUrl: this.#apiUrl(host) });
    const { userCode, verificationUri, expiresAt } = login;
    oauth.onVerification({ userCode, verificationUri, expiresAt });
    const given = await login.finish();
    this.#tokens.set({ type: "oauth", name: host, host, createdAt: this.#surroundings.clock.now(), ...given });
    return this.#grant(request, workspace);
  }

  /** Nothing of the key is kept: the machine's own SSH uses it where it lies. */
  #ofSsh(request: GitCredentialRequest, lasts: number, privateKey: string | undefined): GitCredential {
    if (privateKey !== undefined) readSshKey(privateKey);
    const { repo, access, context } = request;
    const { host } = repositoryAt(repo);
    const now = this.#surroundings.clock.now();
    const grant: Grant = {
      id: newGrantId(),
      workspace: context.workspaceId ?? NO_WORKSPACE,
      execution: context.executionId,
      url: repo,
      access,
      branches: [],
      force: false,
      tags: false,
      workflows: false,
      credential: { id: "user", type: "ssh_key", provider: host === "github.com" ? "github" : host, host },
      createdAt: now,
      expiresAt: now + lasts,
    };
    this.#grants.insert(grant);
    return new GitCredential(grant, { username: "git" });
  }

  #apiUrl(host: string): string {
    const { oauth } = this.#options;
    return oauth?.apiUrl !== undefined && (oauth.host ?? "github.com") === host ? oauth.apiUrl : apiUrlOf(host);
  }
}

function newGrantId(): string {
  return `grant-${randomBytes(8).toString("hex")}`;
}

function urlOf(repo: string): string {
  return /^[a-z]+:\/\/|^[\w.-]+@/i.test(repo) ? repo : `https://${repo}`;
}
