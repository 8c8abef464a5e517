import { createHash } from "node:crypto";
import type { AskSecret, Forge, ForgeRepositorySummary } from "@ws/workspace-core";
import type { GitHubClient } from "./client.ts";
import type { GitHubOctokit } from "./octokit.ts";
import { repositorySummary } from "./shapes.ts";

/** How long what was listed serves further pages and searches, so that a picker's every letter does not list it anew. */
const FRESH_MS = 60_000;
const MAX_LISTS = 16;

interface Listed {
  at: number;
  repositories: ForgeRepositorySummary[];
}

/** What secrets reach, for pickers. GitHub's own search cannot be kept to what one reaches, so lists are searched here. */
export function reachableRepositories({ client }: { client: GitHubClient }): Forge["repositories"] {
  const lists = new Map<string, Listed>();
  const { clock, address } = client;

  function list(secret: AskSecret, signal: AbortSignal | undefined): Promise<ForgeRepositorySummary[]> {
    return client.ask({ secret, url: address.site, signal }, async (octokit, shown) => {
      const { password, type } = shown ?? ANONYMOUS;
      // Not by its name: another secret can be given under it, which reaches something else.
      const id = createHash("sha256").update(password).digest("base64");
      const listed = lists.get(id);
      if (listed !== undefined && clock.monotonic() - listed.at < FRESH_MS) return listed.repositories;
      const repositories = await (type === "github_app" ? ofInstallation(octokit) : ofUser(octokit));
      lists.delete(id);
      lists.set(id, { at: clock.monotonic(), repositories });
      const [oldest] = lists.keys();
      if (lists.size > MAX_LISTS && oldest !== undefined) lists.delete(oldest);
      return repositories;
    });
  }

  return async (secret, { search = "", page, perPage, signal }) => {
    const words = search.toLowerCase().split(/\s+/);
    const found = (await list(secret, signal)).filter(({ fullName, description }) => {
      const text = `${fullName} ${description}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const end = page * perPage;
    return { repositories: found.slice(end - perPage, end), hasMore: found.length > end };
  };
}

const ANONYMOUS = { password: "", type: "pat" };

async function ofUser(octokit: GitHubOctokit): Promise<ForgeRepositorySummary[]> {
  const route = octokit.rest.repos.listForAuthenticatedUser;
  const all = await octokit.paginate(route, { sort: "pushed", direction: "desc", per_page: 100 });
  return all.map(repositorySummary);
}

/** In no order of GitHub's. */
async function ofInstallation(octokit: GitHubOctokit): Promise<ForgeRepositorySummary[]> {
  const all = await octokit.paginate(octokit.rest.apps.listReposAccessibleToInstallation, { per_page: 100 });
  return all.map(repositorySummary).sort((a, b) => b.updatedAt - a.updatedAt);
}
