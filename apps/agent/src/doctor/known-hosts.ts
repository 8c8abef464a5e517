import { repositoryAt, type WorkspaceRecord } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import { githubHost } from "../runtimes/githubs.ts";

/** More would keep whoever asks waiting, and tell nothing new. */
const MOST = 8;

/** Hosts, with a port where it is not the usual one, that this worker has a credential for and speaks https with. */
export function forgeHosts(config: Pick<Config, "get" | "secrets">): string[] {
  const kept = config.secrets.forges().filter(({ type }) => type !== "ssh_key");
  const app = config.get("github.appId") === "" ? [] : [githubHost(config)];
  return [...new Set([...kept.map(({ host }) => host), ...app])].slice(0, MOST);
}

/** Names that have to be looked up for what this worker was told to do: its forges, its hub, and where its workspaces' repositories are. */
export function neededNames(config: Pick<Config, "get" | "secrets">, records: readonly WorkspaceRecord[]): string[] {
  const hub = config.get("hub.url");
  const hosts = [
    ...forgeHosts(config),
    ...config.secrets.forges().map(({ host }) => host),
    ...(hub === "" ? [] : [new URL(hub).host]),
    ...records.flatMap(({ repository }) => (repository === undefined ? [] : hostOf(repository.url))),
  ];
  const names = hosts
    .map((host) => host.replace(/:\d+$/, ""))
    .filter((name) => !/^(?:[\d.]+|\[.*\]|localhost)$/.test(name));
  return [...new Set(names)].slice(0, MOST);
}

/** None where it is a repository of the worker itself. */
function hostOf(url: string): string[] {
  try {
    return [repositoryAt(url).host];
  } catch {
    return [];
  }
}
