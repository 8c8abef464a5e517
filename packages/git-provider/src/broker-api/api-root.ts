import { type GitHubAddress, gitHubAddress } from "../forges/github/address.ts";
import { ApiRefused } from "./refused.ts";

/** Where a request of `gh` goes: `graphql`, or a path of the REST API. */
export interface ApiTarget {
  kind: "graphql" | "rest";
  /** Below the API's root, without the query. */
  path: string;
  /** The whole address at the forge. */
  url: string;
}

/** Reads the Host header and the request's target. Throws `ApiRefused` for every host but the forge's API. */
export function readTarget({ site, host: forge, apiUrl }: GitHubAddress, host: string, target: string): ApiTarget {
  // gh knows of no other address of the API, and of no port: we are the ones who know better.
  const gh = new URL(gitHubAddress(site).apiUrl);
  const asked = URL.parse(target, gh.origin);
  const named = host.toLowerCase().replace(/:\d+$/, "");
  if (named !== gh.hostname || asked === null || asked.origin !== gh.origin || !target.startsWith("/")) {
    throw new ApiRefused(
      403,
      `Workspace does not lead there: gh reaches only ${gh.host} here, for ${forge}. ${OWN_TOKEN}`,
    );
  }
  if (asked.pathname === graphBeside(gh)) {
    const url = new URL(apiUrl);
    return { kind: "graphql", path: "/graphql", url: url.origin + graphBeside(url) };
  }
  const root = gh.pathname === "/" ? "" : gh.pathname;
  if (!asked.pathname.startsWith(`${root}/`)) throw new ApiRefused(404, "There is no such API.");
  const path = asked.pathname.slice(root.length);
  return { kind: "rest", path, url: apiUrl + path + asked.search };
}

/** An Enterprise server has its two APIs beside one another. */
function graphBeside({ pathname }: URL): string {
  return pathname === "/" ? "/graphql" : `${pathname.replace(/\/v3$/, "")}/graphql`;
}

/** How a person who has a token of their own uses it. */
export const OWN_TOKEN = "With a token of your own: 'gh config set http_unix_socket \"\"', then 'gh auth login'.";
