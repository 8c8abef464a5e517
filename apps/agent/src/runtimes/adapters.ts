import { randomBytes } from "node:crypto";
import type { LookupAddress } from "node:dns";
import { lookup as lookupHost } from "node:dns/promises";
import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import {
  createRuns,
  createTerminals,
  type Box,
  type Clock,
  type Forge,
  type CredentialSource,
  type Egress,
  type Git,
  type Log,
  type ProviderHost,
  type Runs,
  type Runtime,
  type RuntimeName,
  type Terminals,
  type WorkspaceProvider,
} from "@ws/workspace-core";
import type { ApiFetch } from "@ws/git-provider";
import type { Config } from "../config/config.ts";
import { createFindAddresses } from "../egress/find-addresses.ts";
import { expandHome } from "../paths.ts";
import { TOOL_PACKAGES } from "../tasks/install-tool.ts";
import { readAuthorities } from "./authorities.ts";
import { gitHubs } from "./githubs.ts";
import type { CredentialPorts, ForgeCredentials } from "./forge-credentials.ts";
import { readKnownHosts } from "./known-hosts.ts";

/** The outside world as the core's ports; each is loaded when it is first needed. */
export interface Adapters {
  runtime: Readonly<Record<RuntimeName, () => Promise<Runtime>>>;
  credentials: (options: CredentialPorts) => Promise<ForgeCredentials>;
  git: (credentials: CredentialSource) => Promise<Git>;
  /** A repository's URL as git is given it. Throws `invalid_clone_url`. */
  parseUrl: (text: string) => Promise<string>;
  /** The way out of workspaces that have no network. */
  egress: () => Promise<Egress>;
  /** Where pull requests live. */
  forges: () => Promise<readonly Forge[]>;
  openTerminals: (box: Box) => Promise<Terminals>;
  /** What goes on in a workspace without anybody here. */
  openRuns: (box: Box) => Promise<Runs>;
  /** The built-in providers, in the order in which they are asked. */
  providers: (host: ProviderHost, credentials: Pick<ForgeCredentials, "secretFor">) => Promise<WorkspaceProvider[]>;
}

export interface AdapterOptions {
  instance: string;
  configDirectory: string;
  imageDirectory: string;
  workspacesDirectory: string;
  env: Readonly<Record<string, string | undefined>>;
  config: Config;
  clock: Clock;
  log: Log;
  /** Those that its references lead to; the GitHubs of the settings where absent. */
  forges?: readonly Forge[];
  /** The bare repository of a project of the worker. */
  bareRepository: (project: string) => string | undefined;
}

/** The only place that names concrete adapters, with what it loads for them. */
export function createAdapters(options: AdapterOptions): Adapters {
  const { instance, configDirectory, imageDirectory, workspacesDirectory, env, config, clock, log } = options;
  // Beside the state and not in it: what is kept here can be fetched again.
  const objectsDirectory = (): string => join(configDirectory, "objects");
  // For as long as this agent lives: with it, and nothing else, its own repositories are reached.
  const localSecret = randomBytes(32).toString("base64url");
  async function forges(): Promise<readonly Forge[]> {
    const { createGitHubForge } = await import("@ws/git-provider");
    return gitHubs(config).map((site) => createGitHubForge({ ...site, clock, log, ca: readAuthorities(options) }));
  }
  return {
    runtime: {
      async docker() {
        const { createDockerRuntime, engineAddress } = await import("@ws/docker-runtime");
        const engine = engineAddress(env, (path) => readFileSync(path, "utf8"));
        const image = config.get("docker.image");
        const subnet = config.get("docker.subnet");
        const settings = {
          allowLan: config.get("docker.allowLan"),
          ...(image === "" ? {} : { image }),
          preinstall: config.get("agents.preinstall").flatMap((tool) => TOOL_PACKAGES[tool] ?? []),
          ...(subnet === "" ? {} : { networkSubnet: subnet }),
        };
        return createDockerRuntime({
          instance,
          imageDirectory,
          engine,
          clock,
          log,
          settings,
          environment: env,
          objectsDirectory: objectsDirectory(),
        });
      },
      async local() {
        const { createLocalRuntime } = await import("@ws/local-runtime");
        const sandbox = config.get("local.sandbox");
        // The worker's own settings and secrets are nothing for what runs in a workspace.
        const hidden = [configDirectory];
        const { PATH: path } = env;
        return createLocalRuntime({
          instance,
          directory: workspacesDirectory,
          clock,
          log,
          sandbox,
          hidden,
          ...(path === undefined ? {} : { path }),
        });
      },
    },
    forges,
    async credentials(ports) {
      const { createForgeFetch } = await import("@ws/git-provider");
      return loadCredentials(ports, { fetch: asFetch(createForgeFetch(readAuthorities(options))), localSecret });
    },
    async git(credentials) {
      const [{ createGit, createLocalRepositories }, { makeHelperScript }] = await Promise.all([
        import("@ws/git-provider"),
        import("@ws/credentials"),
      ]);
      const { PATH: path = "/usr/bin:/bin" } = env;
      return createGit({
        log,
        credentials,
        helperScript: makeHelperScript,
        gitHubs: gitHubs(config),
        ca: readAuthorities(options),
        allowPrivateAddresses: config.get("git.allowPrivateAddresses"),
        branchPrefix: config.get("git.branchPrefix"),
        objects: objectsDirectory(),
        scratch: join(configDirectory, "pushes"),
        knownHosts: () => readKnownHosts({ config, env, log }),
        local: createLocalRepositories({ find: options.bareRepository, password: localSecret, path, log }),
      });
    },
    async egress() {
      const [{ createEgress }, { reachOf }] = await Promise.all([import("@ws/egress"), import("@ws/git-provider")]);
      const lookup = (host: string): Promise<LookupAddress[]> => lookupHost(host, { all: true });
      const addresses = createFindAddresses({ lookup, clock, reachOf, own: ownAddresses });
      return createEgress({ addresses, clock, log });
    },
    async parseUrl(text) {
      const { parseRepositoryUrl } = await import("@ws/git-provider");
      return parseRepositoryUrl(text).url;
    },
    openTerminals: (box) => createTerminals(box, { clock }),
    openRuns: async (box) => createRuns(box, { clock }),
    async providers({ projects, home }, credentials) {
      const { createBareGitProvider, createCdProvider, createGitHubProvider } = await import("@ws/git-provider");
      const { PATH: path = "/usr/bin:/bin" } = env;
      return [
        createBareGitProvider({
          projects,
          home,
          path,
          directory: join(configDirectory, "git"),
          workspaces: workspacesDirectory,
          roots: () => config.get("git.roots").map((root) => expandHome(root, env)),
          identity: () => identityOf(config),
        }),
        createGitHubProvider({ projects, forges: options.forges ?? (await forges()), secret: credentials.secretFor }),
        createCdProvider({ home }),
      ];
    },
  };
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address));
}

/** Whose commits the worker's own are. */
function identityOf(config: Config): { name: string; email: string } | undefined {
  const [name, email] = [config.get("git.name"), config.get("git.email")];
  return name === "" || email === "" ? undefined : { name, email };
}

/** `localSecret` is what opens the worker's own repositories; without it they are nobody's. */
export async function loadCredentials(
  ports: CredentialPorts,
  { fetch = globalThis.fetch, ...local }: { fetch?: typeof globalThis.fetch; localSecret?: string } = {},
): Promise<ForgeCredentials> {
  const { createForgeCredentials } = await import("./forge-credentials.ts");
  const newId = (): string => `grant-${randomBytes(8).toString("hex")}`;
  return createForgeCredentials({ ...ports, ...local, fetch, newId });
}

/** The part of `fetch` that the credentials' requests need. */
function asFetch(ask: ApiFetch): typeof globalThis.fetch {
  return (input, { method, headers, body, signal } = {}) =>
    ask(input instanceof Request ? input.url : String(input), {
      headers: Object.fromEntries(new Headers(headers)),
      ...(method === undefined ? {} : { method }),
      ...(typeof body === "string" ? { body } : {}),
      ...(signal === undefined || signal === null ? {} : { signal }),
    });
}
