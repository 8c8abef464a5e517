import { createGitHubForge } from "@ws/git-provider";
import { startGitHubServer } from "@ws/git-provider/testing";
import type { Clock, TokenSecret, Log } from "@ws/workspace-core";

export async function openPullRequest(clock: Clock, log: Log): Promise<string> {
  await using server = await startGitHubServer(); // a GitHub Enterprise on loopback, with real git
  const { url, push } = await server.repository("octo-org/app", { collaborators: ["octo-worker"] });
  await push("parallax/exec-1/engineer/fix-it"); // the head of a pull request has to be there

  const forge = createGitHubForge({ url: server.url, ca: [server.ca], clock, log });
  const secret = async (): Promise<TokenSecret> => ({
    id: "mine",
    type: "pat",
    provider: "github",
    host: new URL(server.url).host,
    username: "x-access-token",
    password: server.token("octo-worker"),
  });
  const request = { title: "fix: it", body: "", targetBranch: "main", draft: false };
  const pullRequest = { ...request, sourceBranch: "parallax/exec-1/engineer/fix-it" };
  const repository = forge.open(url, secret);
  server.fault({ kind: "lost", by: "502" }); // created, and answered with 502: there is one all the same
  const { number } = await repository.createPullRequest(pullRequest);
  await repository.addLabels(number, ["bug"]);
  return (await repository.pullRequest(number)).url;
}
