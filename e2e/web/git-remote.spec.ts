import { startGitHubServer, type GitHubServer } from "@ws/git-provider/testing";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { forgeEnvironment, setToken } from "../support/forge.ts";
import { expect, newName, test as base } from "./fixtures.ts";
import { place } from "./place.ts";

/** A worker that may write to a repository of a forge. */
const test = base.extend<object, { github: GitHubServer }>({
  github: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the pattern to know what a fixture needs
    async ({}, use) => {
      await using github = await startGitHubServer();
      await use(github);
    },
    { scope: "worker" },
  ],
  agent: [
    async ({ github }, use) => {
      await using agent = await startAgentProcess({ env: forgeEnvironment(github) });
      expect(await setToken(agent, github, github.token("ada"))).toMatchObject({ code: 0 });
      await use(agent);
    },
    { scope: "worker", timeout: 300_000 },
  ],
});

async function open(agent: AgentProcess, github: GitHubServer) {
  const name = newName("remote");
  const repository = await github.repository(`acme/${name}`, { private: true, collaborators: ["ada"] });
  return { repository, ...(await place(agent, repository.url, name)) };
}

test("commits are pushed, and a pull request is opened, looked at with its checks and made ready", async ({
  signedIn: page,
  agent,
  github,
}) => {
  const { name, repository, sh } = await open(agent, github);
  await sh("echo login > login.ts && git add . && git commit -qm 'Add login'");
  await page.goto(`${agent.url}/w/${name}/git`);
  await page.getByRole("button", { name: "Push", exact: true }).click();
  await expect(page.getByText(/^Pushed to parallax\//)).toBeVisible();
  const branch = (await sh("git branch --show-current")).trim();

  await sh("echo more > more.ts");
  await page.getByRole("tab", { name: "Pull request" }).click();
  await expect(page.getByLabel("Title", { exact: true })).toHaveValue("Add login");
  await page.getByLabel("Description").fill("So that people can come in.");
  await page.getByLabel("Commit it first, with the title as its message").check();
  await page.getByLabel("As a draft").check();
  await page.getByRole("button", { name: "Push and open" }).click();
  const card = page.getByRole("region", { name: "Pull request #1" });
  await expect(card.getByText("Draft")).toBeVisible();
  await expect(card.getByRole("link", { name: /^Open on/ })).toHaveAttribute("href", /\/pull\/1$/);
  expect(repository.pulls).toMatchObject([{ title: "Add login", body: "So that people can come in.", draft: true }]);
  expect(await sh("git status --porcelain && git log origin/HEAD.. --format=%s")).toBe("Add login\nAdd login\n");

  await repository.check(branch, { kind: "run", name: "build", state: "failure" });
  await card.getByRole("button", { name: "Look again" }).click();
  await expect(card.getByText("Checks failed")).toBeVisible();
  await expect(card.getByRole("listitem").filter({ hasText: "build" })).toContainText("failed");
  await card.getByRole("button", { name: "Ready for review" }).click();
  await expect(card.getByText("Open", { exact: true })).toBeVisible();
  expect(repository.pulls).toMatchObject([{ draft: false, body: "So that people can come in." }]);
});

test("what the remote refuses is said with the next step, and what came in meanwhile is pulled", async ({
  signedIn: page,
  agent,
  github,
}) => {
  const { name, repository, sh } = await open(agent, github);
  await sh("git checkout -q -b elsewhere && echo a > a.txt && git add . && git commit -qm 'Go elsewhere'");
  await page.goto(`${agent.url}/w/${name}/git`);
  await page.getByRole("button", { name: "Push", exact: true }).click();
  const refusal = page.getByRole("alert");
  await expect(refusal).toContainText("'elsewhere' was not pushed");
  await expect(refusal).toContainText(/may only push to parallax\//);
  await expect(page.getByRole("region", { name: "Notifications" })).toBeEmpty();
  await sh("git checkout -q main 2>/dev/null || git checkout -q -b main origin/main");
  await repository.push("main", { path: "news.txt", content: "new\n" });
  await page.getByRole("button", { name: "More of git" }).click();
  await page.getByRole("menuitem", { name: "Read again" }).click();
  await expect(page.getByRole("button", { name: /^Branch: main/ })).toBeVisible();
  await page.getByRole("button", { name: "Pull", exact: true }).click();
  await expect(page.getByText("1 commit came in.")).toBeVisible();
  expect(await sh("cat news.txt")).toBe("new\n");
});
