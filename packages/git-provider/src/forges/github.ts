import { type Clock, type Forge, type Log, WsError } from "@ws/workspace-core";
import { createForgeFetch } from "./forge-fetch.ts";
import { gitHubAddress, repositoryAt } from "./github/address.ts";
import { createClient } from "./github/client.ts";
import type { ApiFetch } from "./github/https-fetch.ts";
import { reachableRepositories } from "./github/reachable.ts";
import { withinOrigin } from "./github/redirects.ts";
import { gitHubRepository } from "./github/repository.ts";
import { withValidators } from "./github/validators.ts";

export interface GitHubForgeOptions {
  /** `https://github.com` where absent, else `https://HOST` of an Enterprise server. */
  url?: string;
  /** Where absent, GitHub's own or `https://HOST/api/v3`. */
  apiUrl?: string;
  clock: Clock;
  log: Log;
  /** Certificates of authorities, as PEM, trusted beside the machine's own. */
  ca?: readonly string[];
  /** Instead of our own https, which trusts `ca`; must not follow redirects. */
  fetch?: ApiFetch;
  /** Keeps writes a second and more apart, as GitHub asks; on unless set. */
  spaced?: boolean;
  /** Milliseconds before what failed is repeated; 1,000 where absent. */
  retryMs?: number;
}

/** GitHub, or a GitHub Enterprise server, as a forge. Throws `invalid_input` for a URL that is no server's. */
export function createGitHubForge(options: GitHubForgeOptions): Forge {
  const { clock, log, ca = [] } = options;
  const address = gitHubAddress(options.url, options.apiUrl);
  const fetch = options.fetch ?? createForgeFetch(ca);
  const client = createClient({
    address,
    apiUrl: address.apiUrl,
    clock,
    log,
    fetch: withinOrigin(withValidators(fetch)),
    spaced: options.spaced ?? true,
    retryMs: options.retryMs ?? 1_000,
  });

  return {
    provider: "github",
    changeLabel: "PR",
    serves: (url) => repositoryAt(address, url) !== undefined,
    open(url, secret) {
      const place = repositoryAt(address, url);
      if (place !== undefined) return gitHubRepository(client, { ...place, url, secret });
      throw new WsError("forge_unknown", {
        message: `'${url}' is no repository of ${address.host}.`,
        next: `Use ${address.site}/OWNER/NAME.`,
        data: { url },
      });
    },
    repositories: reachableRepositories({ client }),
  };
}
