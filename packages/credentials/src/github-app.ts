import { repositoryKey, WsError, type ForgeRepositorySummary } from "@ws/workspace-core";
import { createAppAuthentication, rejected, type AppAuthentication } from "./app-authentication.ts";
import { readAppKey } from "./app-key.ts";
import { apiUrlOf, atForge, refusalOf } from "./github-request.ts";
import {
  installedRepositories,
  listedInstallations,
  type Listed,
  type ListedRepository,
} from "./installed-repositories.ts";
import { createInstallations, type Installation } from "./installations.ts";
import type { CredentialProvider, MintedToken, Surroundings, TokenRequest } from "./provider.ts";
import { Secret } from "./secret.ts";

export interface GitHubAppOptions extends Surroundings {
  appId: string | number;
  /** PEM, PKCS#1 or PKCS#8; line ends may be written as `\n`. */
  privateKey: string;
  /** `github.com` where absent. */
  host?: string;
  /** `https://api.github.com`, or `https://HOST/api/v3`, where absent. */
  apiUrl?: string;
}

/** Where an app is installed. */
export interface AppInstallation {
  /** Whose repositories they are; empty where the forge does not say. */
  account: string;
  /** Whether it is all of theirs, or those that they chose. */
  repositories: "all" | "selected";
  /** What its owner allowed it: `contents` to `write`. */
  permissions: Readonly<Record<string, string>>;
  suspended: boolean;
}

export interface GitHubApp extends CredentialProvider {
  /** As what the app makes commits. Throws `credential_rejected`. */
  identity(signal?: AbortSignal): Promise<{ name: string; email: string }>;
  /** Where it is installed, asked anew. Throws as `repositories` does. */
  installed(signal?: AbortSignal): Promise<AppInstallation[]>;
  /** What it is installed on, most recently changed first; it may be a minute old. Throws `credential_rejected`, `forge_unreachable`. */
  repositories(signal?: AbortSignal): Promise<ForgeRepositorySummary[]>;
}

/** What a token for the API may have beside the contents, where the app's installation has it. */
const EXTRAS = {
  read: { pull_requests: "read", checks: "read", statuses: "read" },
  write: { pull_requests: "write", checks: "read", statuses: "read" },
} as const;
/** A picker's every letter does not list it anew. */
const FRESH_MS = 60_000;
const USERNAME = "x-access-token";

/** A GitHub App as a source of tokens, one repository each. Throws `credential_invalid` for a key or an id that cannot be one. */
export function createGitHubApp(options: GitHubAppOptions): GitHubApp {
  const { clock, log } = options;
  const host = options.host ?? "github.com";
  const appId = readAppId(options.appId);
  const apiUrl = (options.apiUrl ?? apiUrlOf(host)).replace(/\/+$/, "");
  const key = readAppKey(options.privateKey);
  let loading: Promise<AppAuthentication> | undefined;
  const load = (): Promise<AppAuthentication> =>
    (loading ??= createAppAuthentication({ appId, host, apiUrl, key }, options));
  const installations = createInstallations(load, host, clock);
  let listed: { at: number; repositories: ForgeRepositorySummary[] } | undefined;

  async function attempt<T>(
    signal: AbortSignal | undefined,
    work: (app: AppAuthentication, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const app = await load();
    try {
      return await atForge(clock, host, signal, (ending) => work(app, ending));
    } catch (error) {
      throw app.problem(error);
    }
  }

  async function check({ repository, access }: TokenRequest, signal: AbortSignal): Promise<Installation> {
    const installation = await installations.of(repository, signal);
    const has = installation.permissions["contents"];
    if (has === "write" || (has === "read" && access === "read")) return installation;
    installations.forget(repository);
    throw rejected(
      `The GitHub App may not ${access === "write" ? "push to" : "read"} ${repositoryKey(repository)}`,
      `Allow it '${access === "write" ? "Contents: read and write" : "Contents: read-only"}' in the app's settings, and accept that for the installation.`,
    );
  }

  async function mint(app: AppAuthentication, request: TokenRequest, signal: AbortSignal): Promise<MintedToken> {
    const { repository } = request;
    const remembered = installations.remembers(repository);
    const installation = await check(request, signal);
    try {
      const { data } = await app.asApp("POST /app/installations/{installation_id}/access_tokens", {
        installation_id: installation.id,
        ...onlyThis(installation),
        permissions: permissionsFor(request, installation.permissions),
        request: { signal },
      });
      log.debug("a token of the GitHub App was made", {
        repository: repositoryKey(repository),
        access: request.access,
      });
      const expiresAt = Date.parse(data.expires_at) - app.offset();
      return { token: new Secret(data.token), username: USERNAME, expiresAt };
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal !== undefined && refusal.status < 500) installations.forget(repository);
      if (refusal?.status !== 422 && refusal?.status !== 404) throw error;
      // Installed anew, or allowed less: what was remembered no longer holds.
      if (remembered) return mint(app, request, signal);
      throw rejected(
        `${host} gives the GitHub App no token for ${repositoryKey(repository)}: ${refusal.text}`,
        "Check the app's permissions and the repositories of its installation.",
      );
    }
  }

  return {
    id: "github-app",
    name: "github",
    type: "github_app",
    serves: (asked) => asked === host,
    check: (request, signal) =>
      attempt(signal, async (_app, ending) => {
        await check(request, ending);
      }),
    mint: (request, signal) => attempt(signal, (app, ending) => mint(app, request, ending)),
    async revoke(token, signal) {
      await attempt(signal, async (app, ending) => {
        const headers = { authorization: `token ${token.reveal()}` };
        try {
          await app.plain("DELETE /installation/token", { headers, request: { signal: ending } });
        } catch (error) {
          // It is the token that is not taken: it has ended.
          if (refusalOf(error)?.status !== 401) throw error;
        }
      });
    },
    async repositories(signal) {
      if (listed !== undefined && clock.now() - listed.at < FRESH_MS) return listed.repositories;
      const repositories = await attempt(signal, async (app, ending) => {
        const all = await Array.fromAsync(installedRepositories(app, ending), (one) => summaryOf(host, one.repository));
        return all.sort((a, b) => b.updatedAt - a.updatedAt);
      });
      listed = { at: clock.now(), repositories };
      return repositories;
    },
    installed: (signal) =>
      attempt(signal, (app, ending) => Array.fromAsync(listedInstallations(app, ending), installationOf)),
    identity: (signal) =>
      attempt(signal, async (app, ending) => {
        const { data: self } = await app.asApp("GET /app", { request: { signal: ending } });
        const name = `${self?.slug ?? "app"}[bot]`;
        const domain = `users.noreply.${host.replace(/:\d+$/, "")}`;
        const number = await app.plain("GET /users/{username}", { username: name, request: { signal: ending } }).then(
          ({ data: bot }) => `${bot.id}+`,
          // An Enterprise may tell strangers nothing of its accounts.
          () => "",
        );
        return { name, email: `${number}${name}@${domain}` };
      }),
  };
}

function installationOf(listed: Listed): AppInstallation {
  return {
    account: listed.account?.login ?? listed.account?.slug ?? "",
    repositories: listed.repository_selection === "all" ? "all" : "selected",
    permissions: listed.permissions ?? {},
    suspended: typeof listed.suspended_at === "string",
  };
}

function summaryOf(host: string, listed: ListedRepository): ForgeRepositorySummary {
  return {
    fullName: listed.full_name,
    url: `https://${host}/${listed.full_name}`,
    description: listed.description ?? "",
    private: listed.private ?? true,
    defaultBranch: listed.default_branch ?? "",
    updatedAt: Date.parse(listed.pushed_at ?? listed.updated_at ?? "") || 0,
  };
}

/** By its id, which stays through renames, where that is known. */
function onlyThis({ repositoryId, repositoryName }: Installation): {
  repositories?: string[];
  repository_ids?: number[];
} {
  return repositoryId === undefined ? { repositories: [repositoryName] } : { repository_ids: [repositoryId] };
}

/** No more than was asked for and than its owner allowed: the forge refuses the whole request otherwise. */
function permissionsFor(
  { access, workflows = false, purpose = "git" }: TokenRequest,
  allowed: Installation["permissions"],
): Record<string, "read" | "write"> {
  const result: Record<string, "read" | "write"> = { contents: access, metadata: "read" };
  for (const [name, wanted] of Object.entries(purpose === "api" ? EXTRAS[access] : {})) {
    const level = allowed[name];
    if (level === wanted || level === "write" || level === "admin") result[name] = wanted;
  }
  if (workflows && access === "write" && allowed["workflows"] === "write") result["workflows"] = "write";
  return result;
}

function readAppId(id: string | number): string {
  const text = String(id).trim();
  // The id is a number, the client id, which GitHub takes as well, letters and digits.
  if (/^(?:[1-9][0-9]{0,15}|Iv[A-Za-z0-9.]{4,60})$/.test(text)) return text;
  throw new WsError("credential_invalid", {
    message: "The id of the GitHub App is not a number.",
    next: "Set github.appId to the 'App ID' that the app's settings on GitHub show.",
    data: { credential: "github-app" },
  });
}
