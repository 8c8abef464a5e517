import { existsSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { configDirectory } from "@ws/agent/paths";
import { connectAgent } from "../agent-connection.ts";
import type { Context } from "../context.ts";
import { configText, knownHostsText, knownWorkers, type SshWorker } from "./config-text.ts";
import { gatherWorkers } from "./gather-workers.ts";
import { withInclude, withoutInclude } from "./include.ts";
import { reachWorker } from "./reach.ts";
import { ownKey } from "./own-key.ts";
import { sshPlaces } from "./places.ts";
import { changeUserConfig, replaceFile, userConfigPath } from "./user-config.ts";

export interface SetUp {
  workers: SshWorker[];
  /** What stands in our own file. */
  config: string;
  /** Whether the user's own configuration was changed. */
  isNew: boolean;
}

/** Makes `ssh NAME.ws` work on this device. Safe to repeat. With `print` the user's own configuration stays as it is. */
export async function setUpSsh(context: Context, { print = false }: { print?: boolean } = {}): Promise<SetUp> {
  const { env } = context.io;
  const places = sshPlaces(env);
  const key = ownKey(places, { ...process.env, ...env });
  const before = knownWorkers(read(places.config), read(places.knownHosts));
  const workers = await gatherWorkers(context, key, before);
  const config = configText(workers, places, commandLine(env));
  replaceFile(places.knownHosts, Buffer.from(knownHostsText(workers)), 0o600);
  replaceFile(places.config, Buffer.from(config), 0o600);
  const isNew = !print && changeUserConfig(userConfigPath(env), (text) => withInclude(text, places.config));
  return { workers, config, isNew };
}

/** Takes all of it away, and leaves the user's own configuration as it was before. */
export async function removeSsh(context: Context): Promise<boolean> {
  const { env } = context.io;
  const places = sshPlaces(env);
  const isChanged = changeUserConfig(userConfigPath(env), (text) => withoutInclude(text, places.config));
  const wasThere = existsSync(places.config) || existsSync(places.key);
  const told = knownWorkers(read(places.config), read(places.knownHosts)).map(({ name }) => name);
  for (const path of [places.config, places.knownHosts, places.key, places.publicKey]) rmSync(path, { force: true });
  if (wasThere) {
    const forget = async (name: string | undefined): Promise<void> => {
      const { client } = await connectAgent(context.io, await reachWorker(env, name));
      await client.ssh.setKey({});
    };
    // Any of them may be gone for good.
    await Promise.allSettled([...new Set([undefined, ...told])].map(forget));
  }
  return isChanged || wasThere;
}

/** Whether it was done before for this worker, and nobody has taken it back. */
export function isSetUp(env: Context["io"]["env"], worker?: string): boolean {
  const { config } = sshPlaces(env);
  const text = read(userConfigPath(env), "latin1");
  return isWritten(env, worker) && withoutInclude(text, config) !== text;
}

/** Whether our own file of the configuration and this device's key are there for this worker. */
function isWritten(env: Context["io"]["env"], worker?: string): boolean {
  const { config, knownHosts, key } = sshPlaces(env);
  return existsSync(key) && knownWorkers(read(config), read(knownHosts)).some(({ name }) => name === worker);
}

/** How this program is called by another one, from anywhere. */
export function commandLine(env: Context["io"]["env"]): string[] {
  const main = process.argv[1] ?? "";
  const directory = configDirectory(env);
  // Whoever calls SSH may have other variables than this one has, and is in another directory.
  const isUsual = directory === configDirectory({ HOME: env["HOME"] });
  return [
    ...(isUsual ? [] : ["env", `WS_CONFIG_DIR=${directory}`]),
    process.execPath,
    ...process.execArgv,
    existsSync(main) ? realpathSync(main) : main,
  ];
}

function read(path: string, encoding: "utf8" | "latin1" = "utf8"): string {
  return existsSync(path) ? readFileSync(path, encoding) : "";
}
