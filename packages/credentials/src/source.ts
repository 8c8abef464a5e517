import {
  isWsError,
  needsToken,
  repositoryAt,
  repositoryKey,
  throwIfAborted,
  tokenOf,
  WsError,
  type Access,
  type Clock,
  type CredentialSource,
  type CredentialSummary,
  type Grant,
  type GrantRequest,
  type GrantStore,
  type Log,
  type RepositoryPlace,
  type TokenSecret,
  type WorkspaceId,
} from "@ws/workspace-core";
import { choose, chosenBefore, type ChooseOptions, type Chosen, type UserCredential } from "./choose.ts";
import { createEndingStore } from "./ending-store.ts";
import { createGrants, type NarrowerGrant } from "./grants.ts";
import { createMintedTokens } from "./minted-tokens.ts";
import type { CredentialProvider, TokenRequest } from "./provider.ts";
import { createRefusals } from "./refusals.ts";
import { createRevocations } from "./revocations.ts";
import { createStoredSecrets, type SecretParts } from "./stored-secrets.ts";
import type { StoredCredential, TokenStore } from "./token-store.ts";
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
  /** Told each secret before anybody else, so that it can be kept out of logs; of one that was made for a while, until when. */
  learn?: (secret: string, expiresAt?: number) => void;
  /** Where the API of a host is that logins are renewed at. */
  apiUrl?: (host: string) => string;
}

export interface WorkerCredentials extends CredentialSource, AsyncDisposable {
  /** As `grant`, for whoever cannot do without. Throws `credential_missing` too, with why there is none. */
  demand(request: GrantRequest, signal?: AbortSignal): Promise<Grant>;
  /** From now on, and as long as this object lives, this is what the workspace uses first. */
  bring(workspace: WorkspaceId, credential: UserCredential): void;
  /** What the program itself shows a forge's API for a repository, without any workspace; undefined where there is nothing for it. */
  secretFor(
    url: string,
    options: { access: Access; refused?: string; signal?: AbortSignal },
  ): Promise<TokenSecret | undefined>;
  /** Ends single grants, at the forge too; repeating is safe. Resolves to those that were live. */
  end(grants: readonly Grant[]): Promise<Grant[]>;
  isLive(grant: Grant): boolean;
  /** Takes a part of a grant back, at once. */
  narrow(id: string, less: NarrowerGrant): void;
  /** Ends every token that was made, for a program that goes away: what goes on is given another when it asks. */
  endTokens(): Promise<void>;
  /** When its forge last refused the token that has this name now; undefined where it did not, as far as is known. */
  refusedAt(name: string): number | undefined;
  /** How many tokens the forges have not yet been told to end. */
  unrevoked(): number;
}

/** The worker's credentials behind the port of the core: grants for workspaces, and a secret for each request. */
export function createCredentialSource(given: CredentialSourceOptions): WorkerCredentials {
  const options = { ...given, grants: createEndingStore(given.grants, given.log) };
  const { tokens, clock, log, learn = () => {}, providers } = options;
  const grants = createGrants({ ...options, store: options.grants, ttl: options.ttl ?? TTL_LIMITS });
  const brought = new Map<WorkspaceId, UserCredential>();
  const from: ChooseOptions = { tokens, providers, brought };
  const revocations = createRevocations(options);
  const minted = createMintedTokens({ clock, log, learn, discard: revocations.end });
  const stored = createStoredSecrets({ ...options, learn });
  const refusals = createRefusals(clock);

  async function end(ending: readonly Grant[]): Promise<Grant[]> {
    // Written down first: whatever happens now, the workspace is given nothing more.
    const lived = grants.end(ending);
    await discard(ending);
    return lived;
  }

  async function discard(ending: readonly Grant[]): Promise<void> {
    const taken = ending.flatMap(({ id }) => minted.take(id));
    await Promise.all(taken.map(({ provider, token }) => revocations.end(provider, token)));
    for (const { workspace } of ending) {
      if (!options.grants.list({ workspace }).some(grants.isLive)) brought.delete(workspace);
    }
  }

  async function secretOf(
    chosen: Chosen,
    { key, holder, ...request }: TokenRequest & { key: string; holder: string },
    { refused, signal }: { refused?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<SecretParts> {
    if (chosen.kind === "provider") {
      const made = await minted.get(holder, chosen.provider, request, { refused, signal });
      return { username: made.username, password: made.token.reveal(), expiresAt: made.expiresAt };
    }
    if (refused !== undefined) {
      refusals.add(key, refused);
      if (chosen.kind === "stored") noteRefused(chosen.credential, refused);
    }
    return stored.of(chosen, { isRefused: (value) => refusals.has(key, value), signal });
  }

  /** For whoever asks once this process is gone; now and then, because a workspace may go on asking. */
  function noteRefused(credential: StoredCredential, refused: string): void {
    if (credential.type === "ssh_key" || !credential.token.equals(refused)) return;
    if (clock.now() - (credential.refusedAt ?? 0) < NOTED_EVERY_MS) return;
    try {
      tokens.refused(credential.name, clock.now());
    } catch (error) {
      log.info("that a credential was refused is not kept", { name: credential.name, error });
    }
  }

  async function give(request: GrantRequest, signal?: AbortSignal): Promise<{ grant?: Grant; missing?: WsError }> {
    grants.check(request);
    const repository = repositoryAt(request.url);
    const orLess = request.without !== undefined;
    const { chosen, access, missing } = await choose(from, { ...request, repository, orLess }, signal);
    // A workspace that was given up meanwhile must be left no right.
    throwIfAborted(signal);
    if (chosen === undefined) return missing === undefined ? {} : { missing };
    refusals.forget(repositoryKey(repository));
    const api = chosen.summary.type === "ssh_key" ? await apiCredential(request, repository, signal) : undefined;
    return {
      grant: grants.give({ ...request, access }, { credential: chosen.summary, ...(api && { apiCredential: api }) }),
      ...(missing === undefined ? {} : { missing }),
    };
  }

  /** What there is for the forge's API beside a key; a pull request later says what is missing. */
  async function apiCredential(
    request: GrantRequest,
    { path, host }: RepositoryPlace,
    signal: AbortSignal | undefined,
  ): Promise<CredentialSummary | undefined> {
    const repository = { protocol: "https", host: host.replace(/:\d+$/, ""), path } as const;
    try {
      const { chosen } = await choose(from, { ...request, repository, orLess: true }, signal);
      return chosen?.summary;
    } catch (error) {
      throwIfAborted(signal);
      log.info("a repository is reached by a key alone", { url: request.url, error });
      return undefined;
    }
  }

  return {
    async grant(request, signal) {
      const { grant, missing } = await give(request, signal);
      if (missing !== undefined) {
        const tell = isWsError(missing, "credential_missing") ? log.info : log.warn;
        tell(missing.message, { workspace: request.workspace, next: missing.next });
        request.without?.(missing);
      }
      return grant;
    },
    async demand(request, signal) {
      const { without: _told, ...strictly } = request;
      const { grant, missing } = await give(strictly, signal);
      if (grant !== undefined) return grant;
      throw missing ?? noneFor(request.url);
    },
    find: (workspace, url) => grants.find(workspace, url),
    async secret({ id }, { refused, purpose = "git", signal } = {}) {
      const grant = grants.live(id);
      if (grant === undefined) throw ended(options.grants.get(id));
      const { access, workflows, url, workspace, apiCredential: api } = grant;
      const credential = purpose === "api" && grant.credential.type === "ssh_key" ? api : grant.credential;
      if (credential === undefined) throw needsToken(grant.credential);
      const chosen = chosenBefore(from, { workspace, credential });
      const repository = repositoryAt(url);
      const asked = { key: repositoryKey(repository), holder: id, repository, access, workflows, purpose };
      const given = await secretOf(chosen, asked, { refused, signal });
      // It may have ended meanwhile.
      const still = grants.live(id);
      if (still === undefined) throw ended(grant);
      grants.used(still);
      return { ...credential, ...given };
    },
    async revoke(workspace) {
      brought.delete(workspace);
      return end(options.grants.list({ workspace }));
    },
    withhold: (ending) => discard(grants.withhold(ending)),
    list: ({ workspace, ended: withEnded = false } = {}) =>
      options.grants
        .list(workspace === undefined ? {} : { workspace })
        .filter((grant) => withEnded || grants.isLive(grant)),
    bring(workspace, credential) {
      learn((credential.type === "ssh_key" ? credential.privateKey : credential.token).reveal());
      brought.set(workspace, credential);
    },
    async secretFor(url, { access, refused, signal }) {
      // A key opens no API.
      const repository = { ...repositoryAt(url), protocol: "https" } as const;
      const key = repositoryKey(repository);
      const asked = { workspace: ITSELF, repository, access, credentials: "all" } as const;
      const { chosen } = await choose(from, asked, signal);
      if (chosen === undefined) return undefined;
      return tokenOf({
        ...chosen.summary,
        ...(await secretOf(
          chosen,
          { key, holder: `${ITSELF} ${key}`, repository, access, workflows: false, purpose: "api" },
          { refused, signal },
        )),
      });
    },
    end,
    isLive: (grant) => grants.isLive(grant),
    narrow: grants.narrow,
    async endTokens() {
      await Promise.all(minted.takeAll().map(({ provider, token }) => revocations.end(provider, token)));
    },
    refusedAt(name) {
      const kept = tokens.get(name);
      if (kept === undefined || kept.type === "ssh_key") return undefined;
      const at = refusals.lastOf(kept.token.reveal()) ?? kept.refusedAt;
      return at === undefined || at < kept.createdAt ? undefined : at;
    },
    unrevoked: () => revocations.waiting(),
    [Symbol.asyncDispose]: () => revocations[Symbol.asyncDispose](),
  };
}

const NOTED_EVERY_MS = 60_000;
/** In place of a workspace, where there is none. */
const ITSELF: WorkspaceId = "ws-";

function noneFor(url: string): WsError {
  const { host, protocol } = repositoryAt(url);
  return new WsError("credential_missing", {
    message: `There is no credential for ${host}, which ${url} needs.`,
    next:
      protocol === "ssh"
        ? `Give the worker a key: ws credential set NAME --type ssh-key --host ${host} < KEY.`
        : "Provide a token, keep one with the worker, or configure a GitHub App: ws credential set, ws login github.",
    data: { host },
  });
}

function ended(grant: Grant | undefined): WsError {
  const place = grant === undefined ? "this repository" : grant.url;
  return new WsError("credential_expired", {
    message: `The workspace's right to ${place} has ended.`,
    next:
      grant?.withheld === true
        ? "Choose a credential for it that opens it: ws update NAME --credentials NAMES."
        : grant === undefined
          ? "Start the workspace again."
          : `Give it again: ws credential grant NAME ${place}.`,
    data: { credential: grant?.credential.id ?? "grant" },
  });
}
