import { readFileSync } from "node:fs";
import {
  createTerminals,
  type Box,
  type Clock,
  type Git,
  type Log,
  type Runtime,
  type RuntimeName,
  type Terminals,
} from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import { readAuthorities } from "./authorities.ts";

/** The outside world as the core's ports; each is loaded when it is first needed. */
export interface Adapters {
  runtime: Readonly<Record<RuntimeName, () => Promise<Runtime>>>;
  git: () => Promise<Git>;
  openTerminals: (box: Box) => Promise<Terminals>;
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
        return createDockerRuntime({ instance, imageDirectory, engine, clock, log, settings, environment: env });
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
      });
    },
    openTerminals: (box) => createTerminals(box, { clock }),
  };
}
