import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  createTerminals,
  type Box,
  type Clock,
  type Forge,
  type Git,
  type Log,
  type ProviderHost,
  type Runtime,
  type RuntimeName,
  type Terminals,
  type WorkspaceProvider,
} from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import { expandHome } from "../paths.ts";
import { readAuthorities } from "./authorities.ts";

/** The outside world as the core's ports; each is loaded when it is first needed. */
export interface Adapters {
  runtime: Readonly<Record<RuntimeName, () => Promise<Runtime>>>;
  git: () => Promise<Git>;
  openTerminals: (box: Box) => Promise<Terminals>;
  /** The built-in providers, in the order in which they are asked. */
  providers: (host: ProviderHost) => Promise<WorkspaceProvider[]>;
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
}

/** The only place that names concrete adapters. */
export function createAdapters(options: AdapterOptions): Adapters {
  const { instance, configDirectory, imageDirectory, workspacesDirectory, env, config, clock, log } = options;
  // Beside the state and not in it: what is kept here can be fetched again.
  const objectsDirectory = (): string => join(configDirectory, "objects");
  async function forges(): Promise<readonly Forge[]> {
    const { createGitHubForge } = await import("@ws/git-provider");
    const sites = ["github.com", ...config.get("github.hosts")];
    return sites.map((host) => createGitHubForge({ url: `https://${host}`, clock, log, ca: readAuthorities(options) }));
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
    async git() {
      const { createGit } = await import("@ws/git-provider");
      return createGit({
        log,
        ca: readAuthorities(options),
        allowPrivateAddresses: config.get("git.allowPrivateAddresses"),
        branchPrefix: config.get("git.branchPrefix"),
        objects: objectsDirectory(),
      });
    },
    openTerminals: (box) => createTerminals(box, { clock }),
    async providers({ projects, home }) {
      const { createBareGitProvider, createCdProvider, createGitHubProvider } = await import("@ws/git-provider");
      const { PATH: path = "/usr/bin:/bin" } = env;
      return [
        createBareGitProvider({
          projects,
          home,
          path,
          directory: join(configDirectory, "git"),
          roots: () => config.get("git.roots").map((root) => expandHome(root, env)),
          identity: () => identityOf(config),
        }),
        createGitHubProvider({ projects, forges: await forges(), secret: () => async () => undefined }),
        createCdProvider({ home }),
      ];
    },
  };
}

/** Whose commits the worker's own are. */
function identityOf(config: Config): { name: string; email: string } | undefined {
  const [name, email] = [config.get("git.name"), config.get("git.email")];
  return name === "" || email === "" ? undefined : { name, email };
}
