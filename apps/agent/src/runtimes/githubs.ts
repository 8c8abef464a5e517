import type { Config } from "../config/config.ts";

export interface GitHubSite {
  /** `https://HOST`. */
  url: string;
  apiUrl?: string;
}

/** The GitHubs that this worker knows, its own first; an Enterprise server is beside github.com and not in its place, because people clone from both. */
export function gitHubs(config: Pick<Config, "get">): GitHubSite[] {
  const apiUrl = config.get("github.apiUrl");
  const own = { url: config.get("github.url"), ...(apiUrl === "" ? {} : { apiUrl }) };
  const all = [own, { url: "https://github.com" }, ...config.get("github.servers").map((url) => ({ url }))];
  return all.filter((site, at) => all.findIndex((other) => hostOf(other) === hostOf(site)) === at);
}

/** The host of the GitHub that is the worker's own. */
export function githubHost(config: Pick<Config, "get">): string {
  return hostOf({ url: config.get("github.url") });
}

/** Whether a host is a GitHub that this worker knows. */
export function isGitHub(config: Pick<Config, "get">, host: string): boolean {
  return gitHubs(config).some((site) => hostOf(site) === host);
}

function hostOf({ url }: GitHubSite): string {
  return new URL(url).host;
}
