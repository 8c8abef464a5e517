import { WsError } from "@ws/workspace-core";
import { type Authority, formatAuthority, parseAuthority } from "../../hosts.ts";
import { parseRepositoryUrl } from "../../repo-url.ts";
import { isFullName } from "../pull-request-url.ts";

export interface GitHubAddress {
  /** `https://github.com`. */
  site: string;
  /** As people name it: with a port where it has one. */
  host: string;
  apiUrl: string;
}

/** Where a GitHub and its API are. Throws `invalid_input` for what is no https origin. */
export function gitHubAddress(url = "https://github.com", apiUrl?: string): GitHubAddress {
  const authority = originOf(url, "url");
  const host = formatAuthority(authority);
  return { site: `https://${host}`, host, apiUrl: apiUrl === undefined ? apiOf(authority) : checked(apiUrl) };
}

/** The owner and the name of a repository there, over https or ssh; undefined for what is elsewhere. */
export function repositoryAt({ host }: GitHubAddress, url: string): { owner: string; repo: string } | undefined {
  let parsed;
  try {
    parsed = parseRepositoryUrl(url);
  } catch {
    return undefined;
  }
  // A GitHub takes ssh at ports and names of its own, so only its name counts there.
  const place = parsed.protocol === "https" ? formatAuthority(parsed) : parsed.host;
  const isHere = place === (parsed.protocol === "https" ? host : host.replace(/:\d+$/, ""));
  const path = /^(?:\w+:\/\/[^/]+\/|[^/]+?:\/?)(.+)$/.exec(parsed.url)?.[1] ?? "";
  const [owner = "", name = "", ...rest] = path.split("/");
  const repo = name.replace(/\.git$/i, "");
  return isHere && rest.length === 0 && isFullName(owner, repo) ? { owner, repo } : undefined;
}

function apiOf({ host, port }: Authority): string {
  if (host === "github.com") return "https://api.github.com";
  // Enterprises whose data stays in one region.
  if (host.endsWith(".ghe.com")) return `https://api.${host}`;
  return `https://${formatAuthority({ host, ...(port === undefined ? {} : { port }) })}/api/v3`;
}

function checked(apiUrl: string): string {
  originOf(apiUrl, "apiUrl");
  return apiUrl.replace(/\/+$/, "");
}

function originOf(text: string, field: string): Authority {
  const url = URL.parse(text);
  const authority = url === null ? undefined : parseAuthority(url.host, 443);
  const isOrigin = field === "apiUrl" || url?.pathname === "/";
  const isPlain = url?.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (authority !== undefined && url?.protocol === "https:" && isOrigin && isPlain) return authority;
  throw new WsError("invalid_input", {
    message: `'${text.replace(/\/\/[^/]*@/, "//***@").slice(0, 200)}' is not the https address of a GitHub server.`,
    next: "Use https://github.com or https://HOST of a GitHub Enterprise Server.",
    data: { field },
  });
}
