import {
  WsError,
  type Clock,
  type CredentialSelection,
  type CredentialSource,
  type GitSecret,
  type Grant,
  type GrantRequest,
  type GrantStore,
  type Log,
  type WorkspaceId,
} from "@ws/workspace-core";
import { choose, chosenBefore, providerOf, selects, type ChooseOptions, type UserCredential } from "./choose.ts";
import { createGrants } from "./grants.ts";
import { createMintedTokens } from "./minted-tokens.ts";
import type { CredentialProvider } from "./provider.ts";
import { createRefusals } from "./refusals.ts";
import { repositoryAt, repositoryKey } from "./repository.ts";
import { createRevocations } from "./revocations.ts";
import { createStoredSecrets } from "./stored-secrets.ts";
import type { TokenStore } from "./token-store.ts";
import { TTL_LIMITS, type TtlLimits } from "./ttl.ts";

export interface CredentialSourceOptions {
  grants: GrantStore;
  tokens: TokenStore;
  /** Asked each time, so that a change holds at once. */
  providers: () => readonly CredentialProvider[];
  clock: Clock;
  log: Log;
  fetch: typeof globalThis.fetch;
  /** `grant-` and random letters. */
  newId: () => string;
  ttl?: TtlLimits;
  /** Told each secret before anybody else, so that it can be kept out of logs. */
  learn?: (secret: string) => void;
  /** Where the API of a host is that logins are renewed at. */
  apiUrl?: (host: string) => string;
}

export interface WorkerCredentials extends CredentialSource, AsyncDisposable {
  /** As `grant`, for whoever cannot do without. Throws `credential_missing` too, with why there is none. */
  demand(request: GrantRequest, signal?: AbortSignal): Promise<Grant>;
  /** From now on, and as long as this object lives, this is what the workspace uses first. */
  bring(workspace: WorkspaceId, credential: UserCredential): void;
  /** What a host is shown for a request that is about no single repository; undefined where no token was given for it. */
  secretForHost(
    host: string,
    options?: { credentials?: CredentialSelection; refused?: string; signal?: AbortSignal },
  ): Promise<GitSecret | undefined>;
  /** Ends single grants, at the forge too; repeating is safe. Resolves to those that were live. */
  end(grants: readonly Grant[]): Promise<Grant[]>;
  isLive(grant: Grant): boolean;
  /** How many tokens the forges have not yet been told to end. */
  unrevoked(): number;
}

/** The worker's credentials behind the port of the core: grants for workspaces, and a secret for each request. */
export function createCredentialSource(options: CredentialSourceOptions): WorkerCredentials {
  const { tokens, clock, log, learn = () => {}, providers } = options;
  const grants = createGrants({ ...options, store: options.grants, ttl: options.ttl ?? TTL_LIMITS });
  const brought = new Map<WorkspaceId, UserCredential>();
  const from: ChooseOptions = { tokens, providers, brought };
  const revocations = createRevocations(options);
  const minted = createMintedTokens({ clock, log, learn, discard: revocations.end });
  const stored = createStoredSecrets({ ...options, learn });
  const refusals = createRefusals();

  async function end(ending: readonly Grant[]): Promise<Grant[]> {
    // Written down first: whatever happens now, the workspace is given nothing more.
    const lived = grants.end(ending);
    const taken = ending.flatMap(({ id }) => minted.take(id));
    await Promise.all(taken.map(({ provider, token }) => revocations.end(provider, token)));
    for (const { workspace } of ending) {
      if (!options.grants.list({ workspace }).some(grants.isLive)) brought.delete(workspace);
    }
    return lived;
  }

  async function secretOfProvider(
    grant: Grant,
    provider: CredentialProvider,
    { refused, signal }: { refused?: string; signal?: AbortSignal },
  ): Promise<Pick<GitSecret, "username" | "password" | "expiresAt">> {
    const { access, workflows } = grant;
    const request = { repository: repositoryAt(grant.url), access, workflows };
    const made = await minted.get(grant.id, provider, request, { refused, signal });
    // It may have ended while its token was made.
    if (grants.live(grant.id) === undefined) throw ended(grant);
    return { username: made.username, password: made.token.reveal(), expiresAt: made.expiresAt };
  }

  async function give(request: GrantRequest, signal?: AbortSignal): Promise<{ grant?: Grant; missing?: WsError }> {
    grants.check(request);
    const repository = repositoryAt(request.url);
    if (repository.protocol === "ssh" || request.credentials === "none") return {};
    const { chosen, missing } = await choose(from, { ...request, repository }, signal);
    if (chosen === undefined) return missing === undefined ? {} : { missing };
    refusals.forget(repositoryKey(repository));
    return { grant: grants.give(request, chosen.summary) };
  }

  return {
    async grant(request, signal) {
      const { grant, missing } = await give(request, signal);
      if (missing !== undefined) log.info(missing.message, { workspace: request.workspace, next: missing.next });
      return grant;
    },
    async demand(request, signal) {
      const { grant, missing } = await give(request, signal);
      if (grant !== undefined) return grant;
      throw missing ?? noneFor(request.url);
    },
    find: (workspace, url) => grants.find(workspace, url),
    async secret({ id }, { refused, signal } = {}) {
      const grant = grants.live(id);
      if (grant === undefined) throw ended(options.grants.get(id));
      const chosen = chosenBefore(from, grant);
      const key = repositoryKey(repositoryAt(grant.url));
      if (refused !== undefined) refusals.add(key, refused);
      const given =
        chosen.kind === "provider"
          ? await secretOfProvider(grant, chosen.provider, {
              ...(refused === undefined ? {} : { refused }),
              ...(signal === undefined ? {} : { signal }),
            })
          : await stored.of(chosen, { isRefused: (value) => refusals.has(key, value), signal });
      grants.used(grants.live(id) ?? grant);
      return { ...grant.credential, ...given };
    },
    async revoke(workspace) {
      brought.delete(workspace);
      return end(options.grants.list({ workspace }));
    },
    list: ({ workspace, ended: withEnded = false } = {}) =>
      options.grants
        .list(workspace === undefined ? {} : { workspace })
        .filter((grant) => withEnded || grants.isLive(grant)),
    bring(workspace, credential) {
      learn(credential.token.reveal());
      brought.set(workspace, credential);
    },
    async secretForHost(host, { credentials = "all", refused, signal } = {}) {
      const usable = tokens.list().filter((token) => token.host === host && selects(credentials, token.name));
      const token = usable.find(({ type }) => type === "pat") ?? usable.find(({ type }) => type === "oauth");
      if (token === undefined || token.type === "ssh_key") return undefined;
      const summary = { id: token.name, type: token.type, provider: providerOf(host), host };
      if (refused !== undefined) refusals.add(host, refused);
      const chosen = { kind: "stored" as const, credential: token, summary };
      return { ...summary, ...(await stored.of(chosen, { isRefused: (value) => refusals.has(host, value), signal })) };
    },
    end,
    isLive: (grant) => grants.isLive(grant),
    unrevoked: () => revocations.waiting(),
    [Symbol.asyncDispose]: () => revocations[Symbol.asyncDispose](),
  };
}

function noneFor(url: string): WsError {
  const { host, protocol } = repositoryAt(url);
  return new WsError("credential_missing", {
    message:
      protocol === "ssh"
        ? `${url} is reached by ssh, for which the worker gives no credential.`
        : `There is no credential for ${host}, which ${url} needs.`,
    next:
      protocol === "ssh"
        ? "Use its https URL."
        : "Provide a token, keep one with the worker, or configure a GitHub App: ws credential set, ws login github.",
    data: { host },
  });
}

function ended(grant: Grant | undefined): WsError {
  const place = grant === undefined ? "this repository" : grant.url;
  return new WsError("credential_expired", {
    message: `The workspace's right to ${place} has ended.`,
    next: grant === undefined ? "Start the workspace again." : `Give it again: ws credential grant NAME ${place}.`,
    data: { credential: grant?.credential.id ?? "grant" },
  });
}
