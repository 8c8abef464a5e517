import type { GitHubOctokit } from "./octokit.ts";

/** Makes a pull request a draft, or one that is ready for review: GitHub takes that only as a query, by the id of its graph. */
export async function setDraft(octokit: GitHubOctokit, id: string, draft: boolean): Promise<void> {
  const mutation = draft ? "convertPullRequestToDraft" : "markPullRequestReadyForReview";
  await octokit.graphql(`mutation ($id: ID!) { ${mutation}(input: { pullRequestId: $id }) { clientMutationId } }`, {
    id,
  });
}
