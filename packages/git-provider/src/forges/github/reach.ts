import { type AskSecret, isWsError } from "@ws/workspace-core";
import type { GitHubClient } from "./client.ts";
import type { GitHubOctokit } from "./octokit.ts";

/** How the parts of a repository reach it. */
export interface Reach {
  readonly client: GitHubClient;
  readonly url: string;
  /** What it is now; throws `repository_not_found`. */
  look(signal: AbortSignal | undefined): Promise<{ place: Place; defaultBranch: string }>;
  /** Does work at the repository under the name that it has now. */
  within<T>(signal: AbortSignal | undefined, work: (octokit: GitHubOctokit, at: Place) => Promise<T>): Promise<T>;
  /** The same, where a 404 is of something in the repository: `missing` then answers. */
  find<T>(
    signal: AbortSignal | undefined,
    work: (octokit: GitHubOctokit, at: Place) => Promise<T>,
    missing: () => T | Promise<T>,
  ): Promise<T>;
}

export interface Place {
  owner: string;
  repo: string;
}

export function createReach(
  client: GitHubClient,
  { url, owner, repo, secret }: Place & { url: string; secret: AskSecret },
): Reach {
  let known: Place | undefined;

  async function look(signal: AbortSignal | undefined): Promise<{ place: Place; defaultBranch: string }> {
    return client.ask({ secret, url, signal }, async (octokit) => {
      const { data } = await octokit.rest.repos.get({ owner, repo });
      // A renamed repository answers to its old name, but filters by branch know only the new one.
      known = { owner: data.owner.login, repo: data.name };
      return { place: known, defaultBranch: data.default_branch };
    });
  }

  const reach: Reach = {
    client,
    url,
    look,
    async within(signal, work) {
      const place = known ?? (await look(signal)).place;
      return client.ask({ secret, url, signal }, (octokit) => work(octokit, place));
    },
    async find(signal, work, missing) {
      try {
        return await reach.within(signal, work);
      } catch (error) {
        if (!isWsError(error, "repository_not_found")) throw error;
        await look(signal);
        return missing();
      }
    },
  };

  return reach;
}
