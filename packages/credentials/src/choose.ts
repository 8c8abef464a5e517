import {
  isWsError,
  WsError,
  type Access,
  type CredentialSelection,
  type CredentialSummary,
  type CredentialType,
  type RepositoryPlace,
  type WorkspaceId,
} from "@ws/workspace-core";
import type { CredentialProvider } from "./provider.ts";
import type { Secret } from "./secret.ts";
import type { StoredCredential, StoredSshKey, StoredToken, TokenStore } from "./token-store.ts";

/** What a user brings for one workspace; for which host, the repository's own where absent. */
export type UserCredential = { host?: string } & (
  | { type: "pat" | "oauth"; token: Secret; username?: string }
  | { type: "ssh_key"; privateKey: Secret; hostKeys?: readonly string[] }
);

/** Where a secret comes from. */
export type Chosen =
  | { kind: "user"; credential: UserCredential; summary: CredentialSummary }
  | { kind: "stored"; credential: StoredCredential; summary: CredentialSummary }
  | { kind: "provider"; provider: CredentialProvider; summary: CredentialSummary };

export interface ChooseOptions {
  tokens: TokenStore;
  providers: () => readonly CredentialProvider[];
  /** What users brought, by workspace. */
  brought: ReadonlyMap<WorkspaceId, UserCredential>;
}

export interface ChooseRequest {
  workspace: WorkspaceId;
  repository: RepositoryPlace;
  access: Access;
  credentials: CredentialSelection;
  /** Whether less than was asked for will do, down to nothing: a public repository is read without any. */
  orLess?: boolean;
}

/**
 * What a user brought, then by ssh a key that was given, then tokens that were given, then logins, then apps. Undefined where none is for this repository;
 * `missing` says what there is less than was asked for, and why.
 */
export async function choose(
  options: ChooseOptions,
  request: ChooseRequest,
  signal?: AbortSignal,
): Promise<{ chosen: Chosen | undefined; access: Access; missing?: WsError }> {
  const { workspace, repository, access, credentials, orLess = false } = request;
  const { host, protocol } = repository;
  const own = options.brought.get(workspace);
  const isOfUse = own?.type === "ssh_key" ? protocol === "ssh" : isWeb(repository);
  if (own !== undefined && isOfUse && (own.host ?? host) === host) {
    return { access, chosen: { kind: "user", credential: own, summary: summaryOf({ ...own, name: USER }, host) } };
  }
  const selected = options.tokens.list().filter(({ name }) => selects(credentials, name));
  const key = protocol === "ssh" ? selected.find((stored) => isKeyOf(stored, host)) : undefined;
  if (key !== undefined)
    return { access, chosen: { kind: "stored", credential: key, summary: summaryOf(key, key.host) } };
  // What speaks HTTPS knows nothing of where a host has its SSH.
  if (!isWeb(repository)) return { chosen: undefined, access };
  const given = selected.filter((stored): stored is StoredToken => stored.type !== "ssh_key" && stored.host === host);
  const token = given.find(({ type }) => type === "pat") ?? given.find(({ type }) => type === "oauth");
  if (token !== undefined) {
    return { access, chosen: { kind: "stored", credential: token, summary: summaryOf(token, host) } };
  }
  let missing: WsError | undefined;
  for (const provider of options.providers()) {
    if (!provider.serves(host) || !(provider.always === true || selects(credentials, provider.id))) continue;
    try {
      const given = await checked(provider, { repository, access, orLess }, signal);
      return { ...given, chosen: { kind: "provider", provider, summary: providerSummary(provider, host) } };
    } catch (error) {
      if (!isWsError(error, "credential_missing") && !(orLess && isAway(error))) throw error;
      missing ??= error;
    }
  }
  return { chosen: undefined, access, ...(missing === undefined ? {} : { missing }) };
}

/** What the provider may do there: no more than was asked for, and no less where less will not do. */
async function checked(
  provider: CredentialProvider,
  { repository, access, orLess }: { repository: RepositoryPlace; access: Access; orLess: boolean },
  signal: AbortSignal | undefined,
): Promise<{ access: Access; missing?: WsError }> {
  try {
    await provider.check({ repository, access }, signal);
    return { access };
  } catch (error) {
    if (!orLess || access === "read" || !isWsError(error, "credential_rejected")) throw error;
    await provider.check({ repository, access: "read" }, signal);
    return { access: "read", missing: error };
  }
}

/** Whether it is only the forge that does not answer just now. */
export function isAway(error: unknown): error is WsError {
  return (
    isWsError(error, "forge_unreachable") ||
    isWsError(error, "forge_rate_limited") ||
    (isWsError(error, "forge_refused") && error.data.status >= 500)
  );
}

/** The same again, for a grant that was given before. Throws `credential_missing`. */
export function chosenBefore(
  options: ChooseOptions,
  { workspace, credential: summary }: { workspace: WorkspaceId; credential: CredentialSummary },
): Chosen {
  const { id, host } = summary;
  const own = options.brought.get(workspace);
  if (id === USER && own !== undefined) return { kind: "user", credential: own, summary };
  // First, because what providers there are may have to be read from a file, at each request.
  const stored = id === USER || summary.type === "github_app" ? undefined : options.tokens.get(id);
  // The name can have been given to a credential of another host, which must not learn of this one.
  if (stored !== undefined && isKey(stored) === isKey(summary) && stored.host === host) {
    return { kind: "stored", credential: stored, summary };
  }
  const provider = options.providers().find((candidate) => candidate.id === id && candidate.serves(host));
  if (provider !== undefined) return { kind: "provider", provider, summary };
  throw new WsError("credential_missing", {
    message:
      id === USER
        ? `The credential that was given for this workspace and ${host} is not known any more.`
        : `The credential '${id}' for ${host}, with which this workspace was made, is gone from this worker.`,
    next: id === USER ? "Give it again." : `Set it again: ws credential set ${id}.`,
    data: { host },
  });
}

/** Whether its host is asked by HTTPS, too, under the same name. */
function isWeb({ protocol, host, user }: RepositoryPlace): boolean {
  return protocol === "https" || (user === undefined && !/:\d+$/.test(host));
}

function isKey({ type }: { type: CredentialType }): boolean {
  return type === "ssh_key";
}

/** A key that was given for a host is for each of its ports. */
function isKeyOf(stored: StoredCredential, host: string): stored is StoredSshKey {
  return isKey(stored) && (stored.host === host || stored.host === host.replace(/:\d+$/, ""));
}

function selects(selection: CredentialSelection, name: string): boolean {
  return selection === "all" || (selection !== "none" && selection.includes(name));
}

/** `github`, or the host where no forge of ours is known there. */
function providerOf(host: string): string {
  return host === "github.com" ? "github" : host;
}

const USER = "user";

function summaryOf({ name, type }: { name: string; type: CredentialType }, host: string): CredentialSummary {
  return { id: name, type, provider: providerOf(host), host };
}

function providerSummary({ id, type, name }: CredentialProvider, host: string): CredentialSummary {
  return { id, type, provider: name, host };
}
