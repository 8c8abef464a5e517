import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { expect, newName, test as base } from "./fixtures.ts";
import { place } from "./place.ts";

/** A worker nobody has told in whose name commits are made. */
const test = base.extend<object, { agent: AgentProcess }>({
  agent: [
    async ({ git }, use) => {
      const home = await mkdtemp(join(tmpdir(), "ws-e2e-home-"));
      {
        await using agent = await startAgentProcess({
          env: { HOME: home, XDG_CONFIG_HOME: home, WS_GIT_CA: git.caFile, WS_GIT_NAME: "", WS_GIT_EMAIL: "" },
        });
        await use(agent);
      }
      await rm(home, { recursive: true, force: true });
    },
    { scope: "worker", timeout: 300_000 },
  ],
});

test("the first commit of a worker asks in whose name, says so to the worker and goes on", async ({
  signedIn: page,
  agent,
  git,
}) => {
  const repository = await git.create(`team/${newName("first")}`, { files: { "a.txt": "one\n" } });
  const { name, sh } = await place(agent, repository.url);
  await sh("echo two > a.txt");
  await page.goto(`${agent.url}/w/${name}/git`);
  await page.getByLabel("Commit message").fill("Change a");
  await page.getByRole("button", { name: "Commit 1 file" }).click();
  const refusal = page.getByRole("alert");
  await expect(refusal.getByText("Nothing was committed")).toHaveCount(1);
  await refusal.getByLabel("Name").fill("Ada Lovelace");
  await refusal.getByLabel("E-mail").fill("ada@example.test");
  await refusal.getByRole("button", { name: "Set and commit" }).click();
  await expect(page.getByText(/^Committed as/)).toBeVisible();
  await expect(refusal).toBeHidden();
  expect(await sh("git log -1 --format='%an <%ae> %s'")).toBe("Ada Lovelace <ada@example.test> Change a\n");
});

test("a repository of the worker has no form of a pull request, but says how its work is handed in", async ({
  signedIn: page,
  agent,
}) => {
  const project = newName("kept");
  const { name } = await place(agent, `#git:${project}`);
  await page.goto(`${agent.url}/w/${name}/git?view=pull-request`);
  await expect(page.getByRole("heading", { name: "This repository lies on the worker" })).toBeVisible();
  await expect(page.getByText(`--project ${project} --branch`)).toBeVisible();
  await expect(page.getByText("ws change submit")).toBeVisible();
  await expect(page.getByLabel("Title", { exact: true })).toHaveCount(0);
});

test("what failed covers no panel that is opened then, and stays behind with its page", async ({
  signedIn: page,
  agent,
  git,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const repository = await git.create(`team/${newName("sheet")}`, { files: { "a.txt": "one\n" } });
  const { name, sh } = await place(agent, repository.url);
  await sh("git checkout -q -b elsewhere");
  await agent.client.policy.update({ name, set: { push: false } });
  await page.goto(`${agent.url}/w/${name}/git`);
  await page.getByRole("button", { name: "Push", exact: true }).click();
  const refusal = page.getByRole("alert");
  await expect(refusal).toContainText("'elsewhere' was not pushed");
  await page.getByRole("button", { name: /^Branch: elsewhere/ }).click();
  const sheet = page.getByRole("dialog", { name: "Branches" });
  await sheet.getByLabel("Find or name a branch").click();
  await sheet.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(refusal).toHaveCount(0);

  // Of a download only the corner can tell.
  await page.getByRole("tab", { name: "Files" }).click();
  await page.getByRole("treeitem", { name: "a.txt", exact: true }).click();
  await page.getByRole("button", { name: "Download this file" }).waitFor();
  await page.route("**/files/**", (route) => route.abort());
  await page.getByRole("button", { name: "Download this file" }).click();
  const news = page.getByRole("region", { name: "Notifications" });
  await expect(news).toContainText("'a.txt' was not downloaded");
  await page.getByRole("tab", { name: "Logs" }).click();
  await expect(news).toBeEmpty();
});
