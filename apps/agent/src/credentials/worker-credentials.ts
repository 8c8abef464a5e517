import type { CredentialInfo, CredentialInput, CredentialTest, GrantInfo } from "@ws/rpc-contract";
import { excerpt, WsError, type Clock, type GrantRequest, type Store, type WorkspaceRecord } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import type { ForgeCredentials, LoginProgress } from "../runtimes/forge-credentials.ts";
import { createPendingLogin } from "./pending-login.ts";
import { setCredential, type Checked } from "./set.ts";
import { showCredentials, showGrant } from "./show.ts";
import { tryCredential } from "./try.ts";

export interface GrantAsk extends Partial<Pick<GrantRequest, "access" | "branches" | "force" | "tags" | "workflows">> {
  repo?: string;
  ttlSeconds?: number;
  renews?: boolean;
}

/** Everything that workspaces may use, behind one name each. */
export interface WorkerCredentials {
  list(): CredentialInfo[];
  set(input: CredentialInput, signal?: AbortSignal): Promise<CredentialInfo & Checked>;
  /** Throws `credential_not_found`, and what its forge says against it. */
  test(name: string, signal?: AbortSignal): Promise<CredentialTest>;
  /** With the grants that use it. Throws `credential_not_found`. */
  remove(name: string): Promise<CredentialInfo>;
  /** Throws `credential_missing`, `invalid_input`, `invalid_clone_url`. */
  grant(record: WorkspaceRecord, ask: GrantAsk, signal?: AbortSignal): Promise<GrantInfo>;
  /** Those that were live. Throws `invalid_input` for a repository that it was never granted. */
  revoke(record: WorkspaceRecord, repo?: string): Promise<GrantInfo[]>;
  status(record?: WorkspaceRecord): { credentials: CredentialInfo[]; grants: GrantInfo[] };
  /** `lasting` goes on for a minute after its caller has gone away, for whoever comes back to it. */
  login(signal: AbortSignal, lasting?: boolean): AsyncIterable<LoginProgress>;
  /** Whether one was under way. */
  cancelLogin(): boolean;
}

export interface WorkerCredentialsPorts {
  config: Config;
  forges: ForgeCredentials;
  workspaces: Pick<Store, "get" | "list">;
  clock: Pick<Clock, "now" | "sleep">;
  /** The agent's own end. */
  closing: AbortSignal;
}

export function createWorkerCredentials(ports: WorkerCredentialsPorts): WorkerCredentials {
  const { config, forges, workspaces, clock, closing } = ports;
  const { source } = forges;
  const pending = createPendingLogin({ begin: (signal) => forges.login(signal), clock, closing });

  function list(): CredentialInfo[] {
    const records = workspaces.list();
    const { refusedAt } = forges;
    return showCredentials({ config, records, grants: source.list(), app: forges.app(), now: clock.now(), refusedAt });
  }

  function find(name: string): CredentialInfo {
    const found = list().find((credential) => credential.name === name);
    if (found !== undefined) return found;
    throw new WsError("credential_not_found", {
      message: `There is no credential '${excerpt(name)}'.`,
      next: "See them all: ws credential list.",
      data: { credential: excerpt(name) },
    });
  }

  function forget({ name, type }: CredentialInfo): void {
    if (type === "env") config.credentials.unset(`env.${name}`);
    else if (type === "file") config.credentials.unset(`files.${name}`);
    else if (type === "github_app") for (const key of APP_SETTINGS) config.unset(key);
    else config.secrets.replaceForges(config.secrets.forges().filter((kept) => kept.name !== name));
  }

  return {
    list,
    async set(input, signal) {
      const checked = await setCredential(input, ports, signal);
      return { ...find(input.type === "github_app" ? "github-app" : input.name), ...checked };
    },
    test: async (name, signal) => tryCredential(find(name), { config, forges, clock }, signal),
    async remove(name) {
      const found = find(name);
      const grants = source.list().filter(({ credential }) => credential.id === name);
      // While it is still there: a token that was made with it is ended with it.
      await forges.end(grants);
      forget(found);
      return found;
    },
    async grant(record, { repo, branches, access = "write", ...ask }, signal) {
      const own = record.repository;
      const url = repo === undefined ? own?.url : urlOf(repo);
      if (url === undefined) throw noRepository(record.name);
      const isOwn = own !== undefined && forges.sameRepository(own.url, url);
      const branch = isOwn ? own.branch : undefined;
      const grant = await forges.demand(
        {
          // As it was at its create: with its own repository it works as long as it lives.
          ...(isOwn && ask.ttlSeconds === undefined ? { renews: true } : {}),
          ...ask,
          workspace: record.id,
          url: isOwn ? own.url : url,
          access,
          branches: branches ?? (branch === undefined ? [] : [branch]),
          credentials: record.credentials ?? "all",
          ...(record.execution === undefined ? {} : { execution: record.execution.id }),
        },
        signal,
      );
      return showGrant(grant, record);
    },
    async revoke(record, repo) {
      const granted = () =>
        source
          .list({ workspace: record.id, ended: true })
          .filter(({ url }) => repo === undefined || forges.sameRepository(url, repo));
      // To end one again is no mistake, and one that has ended until there is another credential comes back no more.
      const ending = granted();
      if (repo !== undefined && ending.length === 0) throw neverGranted(record.name, repo);
      return (await forges.end(ending)).map((grant) => showGrant(grant, record));
    },
    status(record) {
      const grants = source.list(record === undefined ? {} : { workspace: record.id });
      const used = new Set(grants.map(({ credential }) => credential.id));
      const credentials = list().filter(
        ({ name, host }) => host !== undefined && (record === undefined || used.has(name)),
      );
      return { credentials, grants: grants.map((grant) => showGrant(grant, workspaces.get(grant.workspace))) };
    },
    login: (signal, lasting = false) => (lasting ? pending.join(signal) : forges.login(signal)),
    cancelLogin: () => pending.cancel(),
  };
}

const APP_SETTINGS = ["github.privateKey", "github.privateKeyPath", "github.appId"] as const;

function urlOf(repo: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/|^[\w.-]+@/i.test(repo) ? repo : `https://${repo}`;
}

function neverGranted(name: string, repo: string): WsError {
  return new WsError("invalid_input", {
    message: `'${name}' was never granted '${excerpt(repo)}', so there is nothing to end.`,
    next: `See what it has: ws credential status ${name}.`,
    data: { field: "repo" },
  });
}

function noRepository(name: string): WsError {
  return new WsError("invalid_input", {
    message: `'${name}' has no repository of its own, so it has to be said which one is meant.`,
    next: `Say it: ws credential grant ${name} https://host/owner/repo.`,
    data: { field: "repo" },
  });
}
