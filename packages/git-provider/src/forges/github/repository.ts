import { type AskSecret, type ForgeRepository, isWsError } from "@ws/workspace-core";
import { branchesOf } from "./branches.ts";
import type { GitHubClient } from "./client.ts";
import { conversationOf } from "./conversation.ts";
import type { GitHubOctokit } from "./octokit.ts";
import { pullRequestsOf } from "./pull-requests.ts";

/** How its parts reach one repository. */
export interface Reach {
  readonly client: GitHubClient;
  readonly url: string;
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

export function gitHubRepository(
  client: GitHubClient,
  { url, owner, repo, secret }: Place & { url: string; secret: AskSecret },
): ForgeRepository {
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

  return {
    fullName: `${owner}/${repo}`,
    defaultBranch: async (signal) => (await look(signal)).defaultBranch,
    ...branchesOf(reach),
    ...pullRequestsOf(reach),
    ...conversationOf(reach),
  };
}
