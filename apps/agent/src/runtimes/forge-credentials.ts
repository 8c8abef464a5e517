import { localCredential } from "./local-credential.ts";
import {
  inTime,
  isWsError,
  repositoryKeyOf,
  type Access,
  type AskSecret,
  type Clock,
  type CredentialSource,
  type ForgeRepositorySummary,
  type Grant,
  type GrantRequest,
  type GrantStore,
  type Log,
  type WorkspaceRecord,
} from "@ws/workspace-core";
import type { AppInstallation, CredentialProvider, GitHubApp, TokenStatus } from "@ws/credentials";
import type { Config } from "../config/config.ts";
import type { Redactor } from "../log/redact.ts";
import { createLearning } from "./learn.ts";
import { createAppIdentity, type Identity } from "./app-identity.ts";
import { readKeyFile } from "./key-file.ts";
import { githubHost, isGitHub } from "./githubs.ts";
import { createTokenStore } from "./token-store.ts";

/** What the worker's credentials stand on. */
export interface CredentialPorts {
  env: Readonly<Record<string, string | undefined>>;
  config: Config;
  clock: Clock;
  log: Log;
  grants: GrantStore;
  redactor: Pick<Redactor, "add" | "forget">;
}

export interface ForgePorts extends CredentialPorts {
  fetch: typeof globalThis.fetch;
  newId: () => string;
  /** What opens the worker's own repositories. */
  localSecret?: string;
}

/** A code that a person types at the forge, then who has logged in. */
export type LoginProgress =
  | { type: "code"; userCode: string; verificationUri: string; expiresAt: number }
  | { type: "done"; name: string; host: string; login?: string };

/** The worker's credentials for forges, as the agent uses them. None of what it tells holds a secret. */
export interface ForgeCredentials extends AsyncDisposable {
  /** The core's port, and git's. */
  readonly source: CredentialSource;
  /** As `grant`, but throws `credential_missing` with why there is none. */
  demand(request: GrantRequest, signal?: AbortSignal): Promise<Grant>;
  /** Ends single grants, at the forge too. */
  end(grants: readonly Grant[]): Promise<Grant[]>;
  /** What the worker itself shows a forge for a repository. */
  secretFor(url: string, access: Access): AskSecret;
  /** The token or login that the worker has for a host; undefined where it has none. An app's tokens are of one repository each. */
  secretOf(host: string): AskSecret | undefined;
  /** Lists what the worker's GitHub App is installed on; undefined where no app is the host's. */
  installedOf(host: string): ((signal?: AbortSignal) => Promise<ForgeRepositorySummary[]>) | undefined;
  /** Whether two URLs are spellings of one repository, as its grants are looked up; by case forges tell none apart. */
  sameRepository(one: string, other: string): boolean;
  /** Whether the host is a GitHub whose API is known. */
  isGitHub(host: string): boolean;
  /** When its forge last refused the credential of this name, since it was set; one of a variable, since this agent runs. */
  refusedAt(name: string): number | undefined;
  /** Throws `credential_rejected`, `forge_unreachable`. */
  checkToken(host: string, token: string, signal?: AbortSignal): Promise<TokenStatus>;
  /** Throws `credential_invalid`. */
  readSshKey(text: string): { fingerprint: string };
  /** The key of a host without the host, or its fingerprint. Throws `credential_invalid`. */
  readHostKey(text: string): string;
  /** The GitHub App as it is configured now; undefined where none is. */
  app(): { appId: string; host: string; problem?: string } | undefined;
  /** In whose name a workspace commits that uses the app for its repository; undefined for any other, or where the forge does not answer soon. */
  identity(record: WorkspaceRecord): Promise<Identity | undefined>;
  /** Asks the forge who the configured app is. Throws `credential_invalid`, `credential_rejected`, `forge_unreachable`. */
  checkApp(key: string, appId: string, signal?: AbortSignal): Promise<{ name: string }>;
  /** Asks the forge who the configured app is and where it is installed; undefined where none is configured. Throws as `checkApp` does. */
  tryApp(signal?: AbortSignal): Promise<{ name: string; installations: AppInstallation[] } | undefined>;
  /** Ends with the login kept. Throws `credential_rejected`, `credential_expired`, `credential_invalid`. */
  login(signal: AbortSignal): AsyncIterable<LoginProgress>;
}

export async function createForgeCredentials(ports: ForgePorts): Promise<ForgeCredentials> {
  const { config, env, clock, log, grants, redactor, fetch, newId } = ports;
  const lib = await import("@ws/credentials");
  const tokens = createTokenStore(config, lib.Secret);
  const apiUrl = (host: string): string =>
    (host === githubHost(config) ? config.get("github.apiUrl") : "") || lib.apiUrlOf(host);
  const surroundings = { clock, log, fetch };
  const { localSecret } = ports;
  const own = localSecret === undefined ? [] : [localCredential(new lib.Secret(localSecret), clock)];
  let made: { from: string; provider: GitHubApp } | undefined;
  const identity = createAppIdentity(surroundings);
  function keyOf(url: string): string {
    try {
      return repositoryKeyOf(url).toLowerCase();
    } catch (error) {
      // Another provider's: it is what it is written as.
      if (isWsError(error, "invalid_clone_url")) return url;
      throw error;
    }
  }

  function makeApp(appId: string, privateKey: string): GitHubApp {
    const host = githubHost(config);
    return lib.createGitHubApp({ ...surroundings, appId, privateKey, host, apiUrl: apiUrl(host) });
  }

  /** Again only where its settings have changed: it remembers installations. */
  function provider(): GitHubApp | undefined {
    const appId = String(config.get("github.appId"));
    const key = config.get("github.privateKey") || readKeyFile(config.get("github.privateKeyPath"), env);
    if (appId === "" && key === "") return undefined;
    const from = JSON.stringify([appId, key, githubHost(config), config.get("github.apiUrl")]);
    if (made?.from !== from) {
      redactor.add(key);
      made = { from, provider: makeApp(appId, key) };
    }
    return made.provider;
  }

  function providers(): readonly CredentialProvider[] {
    return [...own, ...apps()];
  }

  /** One that is set up wrongly serves its host all the same, so that its error is told to whoever needs it and to nobody else. */
  function apps(): readonly CredentialProvider[] {
    try {
      const app = provider();
      return app === undefined ? [] : [app];
    } catch (error) {
      const fail = (): Promise<never> => Promise.reject(error);
      const serves = (host: string): boolean => host === githubHost(config);
      return [{ id: APP, name: "github", type: "github_app", serves, check: fail, mint: fail, revoke: fail }];
    }
  }

  const source = lib.createCredentialSource({
    ...surroundings,
    grants,
    tokens,
    providers,
    newId,
    apiUrl,
    learn: createLearning(redactor, clock),
  });

  async function* login(signal: AbortSignal): AsyncGenerator<LoginProgress> {
    const host = githubHost(config);
    const begun = await lib.beginDeviceLogin(
      { ...surroundings, host, apiUrl: apiUrl(host), clientId: config.get("github.clientId"), scopes: SCOPES },
      signal,
    );
    const { userCode, verificationUri, expiresAt } = begun;
    yield { type: "code", userCode, verificationUri, expiresAt };
    const given = await begun.finish(signal);
    redactor.add(given.token.reveal());
    const name = host === "github.com" ? "github" : host;
    tokens.set({ type: "oauth", name, host, createdAt: clock.now(), ...given });
    const { login: who } = await lib.checkGitHubToken(
      given.token,
      { ...surroundings, host, apiUrl: apiUrl(host) },
      signal,
    );
    yield { type: "done", name, host, ...(who === undefined ? {} : { login: who }) };
  }

  return {
    source,
    demand: source.demand,
    end: source.end,
    secretFor: (url, access) => (options) => source.secretFor(url, { ...options, access }),
    secretOf(host) {
      const has = tokens.list().some((one) => one.type !== "ssh_key" && one.host === host);
      // Such a credential is the host's, whatever the repository.
      return has
        ? (options) => source.secretFor(`https://${host}/owner/name`, { ...options, access: "read" })
        : undefined;
    },
    installedOf(host) {
      const app = host === githubHost(config) ? provider() : undefined;
      return app === undefined ? undefined : (signal) => app.repositories(signal);
    },
    sameRepository: (one, other) => keyOf(one) === keyOf(other),
    refusedAt: (name) => source.refusedAt(name),
    isGitHub: (host) => isGitHub(config, host),
    checkToken: (host, token, signal) =>
      lib.checkGitHubToken(new lib.Secret(token), { ...surroundings, host, apiUrl: apiUrl(host) }, signal),
    readSshKey: lib.readSshKey,
    readHostKey: lib.readHostKey,
    app() {
      const appId = String(config.get("github.appId"));
      const host = githubHost(config);
      try {
        return provider() === undefined ? undefined : { appId, host };
      } catch (error) {
        return { appId, host, problem: (error as Error).message };
      }
    },
    async identity({ id, repository }) {
      try {
        const grant = repository === undefined ? undefined : source.find(id, repository.url);
        const app = grant?.credential.id === APP ? provider() : undefined;
        return app === undefined ? undefined : await identity(app);
      } catch (error) {
        log.debug("the app's name is not known", { error });
        return undefined;
      }
    },
    async checkApp(key, appId, signal) {
      const host = githubHost(config);
      redactor.add(key);
      const app = lib.createGitHubApp({ ...surroundings, appId, privateKey: key, host, apiUrl: apiUrl(host) });
      return app.identity(signal);
    },
    async tryApp(signal) {
      const app = provider();
      if (app === undefined) return undefined;
      const { name } = await app.identity(signal);
      return { name, installations: await app.installed(signal) };
    },
    login,
    async [Symbol.asyncDispose]() {
      // Kept in memory only, they could not be ended after a restart. A forge that does not answer holds up nobody's leaving.
      await inTime(clock, { ms: LEAVING_MS, late: (cause) => cause }, source.endTokens).catch(() => undefined);
      await source[Symbol.asyncDispose]();
    },
  };
}

const LEAVING_MS = 1_000;
/** The name by which a selection knows the app. */
export const APP = "github-app";
/** What pushes, pull requests with reviewers of teams, and workflows need. */
const SCOPES = ["repo", "workflow", "read:org"];
