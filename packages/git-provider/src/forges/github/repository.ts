import type { AskSecret, ForgeRepository } from "@ws/workspace-core";
import { branchesOf } from "./branches.ts";
import type { GitHubClient } from "./client.ts";
import { conversationOf } from "./conversation.ts";
import { pullRequestsOf } from "./pull-requests.ts";
import { createReach, type Place } from "./reach.ts";

export function gitHubRepository(
  client: GitHubClient,
  at: Place & { url: string; secret: AskSecret },
): ForgeRepository {
  const reach = createReach(client, at);
  return {
    fullName: `${at.owner}/${at.repo}`,
    defaultBranch: async (signal) => (await reach.look(signal)).defaultBranch,
    ...branchesOf(reach),
    ...pullRequestsOf(reach),
    ...conversationOf(reach),
  };
}
