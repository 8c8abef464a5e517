import type { CredentialInfo, GrantInfo } from "@ws/rpc-contract";
import type { Grant, WorkspaceRecord } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import { FORGE_TOKENS } from "../config/credentials.ts";
import type { KeptCredential } from "../config/secrets.ts";
import { selected } from "../config/selection.ts";
import type { ForgeCredentials } from "../runtimes/forge-credentials.ts";

export interface ShowOptions {
  config: Config;
  records: readonly WorkspaceRecord[];
  /** Those that are live. */
  grants: readonly Grant[];
  app: ReturnType<ForgeCredentials["app"]>;
  now: number;
  refusedAt: ForgeCredentials["refusedAt"];
}

/** Every credential of the worker, as every surface shows it. */
export function showCredentials(options: ShowOptions): CredentialInfo[] {
  const { config, app } = options;
  const { env, files } = config.credentials.get();
  return [
    ...(app === undefined ? [] : [showApp(app, options)]),
    ...config.secrets.forges().map((kept) => showKept(kept, options)),
    ...Object.entries(env).map(([name, masked]) => showVariable(name, masked, options)),
    ...Object.entries(files).map(([name, source]): CredentialInfo => ({
      name,
      type: "file",
      source,
      usedBy: selectedBy(name, options),
    })),
  ];
}

export function showGrant(grant: Grant, record: Pick<WorkspaceRecord, "name"> | undefined): GrantInfo {
  const { id, execution, url, access, branches, force, tags, workflows, credential, renewsMs, lastUsedAt } = grant;
  return {
    id,
    workspace: record?.name ?? "deleted",
    repo: url,
    access,
    branches: [...branches],
    force,
    tags,
    workflows,
    credential: { name: credential.id, type: credential.type, host: credential.host },
    created: instant(grant.createdAt),
    expires: instant(grant.expiresAt),
    renews: renewsMs !== undefined,
    ...(execution === undefined ? {} : { execution }),
    ...(lastUsedAt === undefined ? {} : { lastUsed: instant(lastUsedAt) }),
  };
}

export function instant(at: number): string {
  return new Date(at).toISOString();
}

function showApp({ appId, host, problem }: NonNullable<ShowOptions["app"]>, options: ShowOptions): CredentialInfo {
  return {
    name: "github-app",
    type: "github_app",
    host,
    source: `GitHub App ${appId}`,
    ...(problem === undefined ? {} : { problem }),
    usedBy: usedBy("github-app", options),
  };
}

function showKept(kept: KeptCredential, options: ShowOptions): CredentialInfo {
  const { name, type, host, createdAt, expiresAt, secret, fingerprint, hostKeys, refresh } = kept;
  const isOver = expiresAt !== undefined && expiresAt <= options.now && refresh === undefined;
  return {
    name,
    type,
    host,
    source: type === "oauth" ? "ws login" : "ws credential set",
    ...(type === "ssh_key" || secret.length < 12 ? {} : { last4: secret.slice(-4) }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(hostKeys === undefined ? {} : { hostKeys }),
    created: instant(createdAt),
    ...(expiresAt === undefined ? {} : { expires: instant(expiresAt) }),
    ...(isOver ? { problem: "It has expired." } : refusalOf(kept, options)),
    usedBy: usedBy(name, options),
  };
}

/** A token of GitHub is git's, and a variable only where that was asked for. */
function showVariable(name: string, masked: string, options: ShowOptions): CredentialInfo {
  const isForge = FORGE_TOKENS.includes(name);
  const exposed = options.config.credentials.exposed().includes(name);
  const last4 = masked.replace(/^…/, "");
  const host = "github.com";
  const users = [...(isForge ? usedBy(name, options) : []), ...(isForge && !exposed ? [] : selectedBy(name, options))];
  return {
    name,
    type: "env",
    ...(isForge ? { host, exposed, ...refusalOf({ name, type: "env", host }, options) } : {}),
    source: "environment credential",
    ...(last4 === "" ? {} : { last4 }),
    usedBy: [...new Set(users)],
  };
}

function refusalOf(
  { name, type, host }: Pick<KeptCredential, "name" | "host"> & { type: CredentialInfo["type"] },
  { refusedAt }: ShowOptions,
): { refused?: string; problem?: string } {
  const at = refusedAt(name);
  if (at === undefined) return {};
  const again = type === "oauth" ? "Log in again: ws login github" : `Give a new one: ws credential set ${name}`;
  return { refused: instant(at), problem: `${host} refused it at ${instant(at)}. ${again}.` };
}

/** Who has a live grant with it. */
function usedBy(name: string, { grants, records }: ShowOptions): string[] {
  const ids = new Set(grants.filter(({ credential }) => credential.id === name).map(({ workspace }) => workspace));
  return records.filter(({ id }) => ids.has(id)).map((record) => record.name);
}

/** Whose processes, or home, it is put into. */
function selectedBy(name: string, { records }: ShowOptions): string[] {
  return records
    .filter(({ credentials }) => Object.hasOwn(selected({ [name]: true }, credentials), name))
    .map((record) => record.name);
}
