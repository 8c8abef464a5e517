import { type GitHubRepository, type GitHubServer, startGitHubServer } from "@ws/git-provider/testing";
import { expect, test } from "vitest";
import { type AgentProcess, startAgentProcess } from "../support/agent-process.ts";
import { forgeEnvironment, setToken } from "../support/forge.ts";
import { shareAgent } from "../support/share-agent.ts";

let server: GitHubServer;
let agent: AgentProcess;
let repository: GitHubRepository;
let token: string;

shareAgent(async (parts) => {
  server = parts.use(await startGitHubServer());
  repository = await server.repository("octo-org/next.js", { private: true, collaborators: ["octo-worker"] });
  await server.repository("octo-org/secret", { private: true, collaborators: ["octo-worker"] });
  token = server.token("octo-worker");
  agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: "docker", ...forgeEnvironment(server) } }));
  await setToken(agent, server, token);
  await agent.ws(["start", "demo", "--clone", `${repository.url}.git`]);
  return agent;
});

const sh = (command: string) => agent.client.workspaces.exec({ name: "demo", command });

test("gh opens, lists, shows and checks a pull request of the workspace's branch, and has no token", async () => {
  const pushed = await sh("echo x > x.txt && git add . && git commit -qm 'feat: x' && git push -q -u origin HEAD");
  expect(pushed).toMatchObject({ exitCode: 0 });
  const created = await sh("gh pr create --title 'feat: x ✓' --body 'A body.'");
  expect(created).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("/octo-org/next.js/pull/1") });
  expect(repository.pulls).toMatchObject([{ title: "feat: x ✓", body: "A body.", base: "main" }]);
  expect((await sh("gh pr list")).stdout).toContain("feat: x ✓");
  // At a terminal it asks first which repository is meant.
  expect((await sh("GH_FORCE_TTY=100 gh pr list")).stdout).toContain(
    "Showing 1 of 1 open pull request in octo-org/next.js",
  );
  expect((await sh("gh pr view")).stdout).toContain("A body.");
  expect((await sh("gh pr create --title again --body again")).stderr).toContain("already exists");
  await repository.check(repository.pulls[0]?.head ?? "", { kind: "run", name: "build", state: "success" });
  expect(await sh("gh pr checks")).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/build\s+pass/) });
  expect(repository.pulls).toHaveLength(1);
  // The remote by which gh knows where it is must be in nobody's way.
  expect(await sh("git fetch --all && git remote update && git push -q ws-gh HEAD")).toMatchObject({ exitCode: 0 });
  expect(await sh("gh pr comment 1 --body 'said by gh' && gh pr edit 1 --title renamed")).toMatchObject({
    exitCode: 0,
  });
  expect(repository.pulls).toMatchObject([{ title: "renamed", remarks: [{ body: "said by gh" }] }]);
  const found = await sh(`grep -rsl ${token} /home /run /tmp /etc; env | grep ${token}; cat ~/.config/gh/*.yml`);
  expect(found.stdout).not.toContain(token);
  expect(found.stdout).toContain("oauth_token: ws-gh-");
});

test.each([
  ["another repository", "gh pr list --repo HOST/octo-org/secret", /octo-org\/secret through gh: it is not granted/],
  ["the account's repositories", "gh repo list octo-org", /Workspace does not lead this query of gh/],
  ["a merge", "gh pr merge 1 --squash", /Workspace does not lead this query/],
  ["a status, which searches the whole forge", "gh pr status", /use 'gh pr list' and 'gh pr view'/],
  [
    "a pull request from main",
    "gh pr create --title t --body b --head main --base other",
    /Workspace may open a pull request from/,
  ],
  ["a file by the API", "gh api repos/octo-org/next.js/contents/README.md", /not among what gh may ask/],
  ["a login", "echo mine | gh auth login --hostname HOST --with-token", /With a token of your own/],
])("gh is told what it may not do and what to do instead: %s", async (_, command, message) => {
  const host = new URL(server.url).hostname;
  const refused = await sh(command.replace("HOST", host));
  expect(refused.exitCode).not.toBe(0);
  expect(refused.stderr + refused.stdout).toMatch(message);
  expect(repository.pulls.every(({ mergedAt }) => mergedAt === undefined)).toBe(true);
});

test("gh goes on after the agent started again, and a login of one's own is left alone", async () => {
  await agent.kill();
  await agent.start();
  await expect.poll(async () => (await sh("gh pr list")).exitCode).toBe(0);
  await sh("printf 'other.test:\\n    oauth_token: mine\\n' > ~/.config/gh/hosts.yml");
  await agent.kill();
  await agent.start();
  await expect
    .poll(async () => (await sh("cat ~/.config/gh/hosts.yml; ls ~/.config/gh")).stdout)
    .toMatch(/mine[^]*hosts\.yml\n$/);
});
