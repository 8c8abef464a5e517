import type { GitServer } from "@ws/git-provider/testing";
import { startGitHubServer, type GitHubServer } from "@ws/git-provider/testing";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { forgeEnvironment, setToken } from "../support/forge.ts";
import { passes } from "./axe.ts";
import { fits, onEveryPlace, phone } from "./every-place.ts";
import { expect, newName, test as base } from "./fixtures.ts";

/** A worker that may open pull requests. */
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

/** Runs a line of sh, which says nothing on standard error. */
async function sh(agent: AgentProcess, name: string, command: string): Promise<void> {
  const { exitCode, stderr } = await agent.client.workspaces.exec({ name, command, timeout: 60_000 });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
}

/** A workspace of a repository with a file; on the local runtime, because what runs in it is all the same. */
async function source(agent: AgentProcess, github: GitHubServer, name = newName("fan")) {
  const repository = await github.repository(`acme/${name}`, { private: true, collaborators: ["ada"] });
  await repository.push("main", { path: "src/main.ts", content: "export const one = 1;\nexport const two = 2;\n" });
  await agent.client.workspaces.create({ name, clone: repository.url, runtime: "local" });
  return { name, repository };
}

/** Attempts whose task is over; the rest is up to the test. */
async function attempts(agent: AgentProcess, name: string, count: number): Promise<string> {
  const { id } = await agent.client.attempts.start({
    name,
    count,
    title: "Say it in words",
    spec: { kind: "command", command: "true" },
  });
  await settled(agent, id);
  return id;
}

async function settled(agent: AgentProcess, id: string): Promise<void> {
  const states = async () => (await agent.client.attempts.show({ id })).attempts.map(({ task }) => task?.status);
  await expect.poll(states, { timeout: 60_000 }).not.toContainEqual(expect.stringMatching(/pending|running/));
}

test("a task is tried several times from the page, compared by keys, and one attempt becomes a pull request", async ({
  signedIn: page,
  agent,
  github,
}) => {
  const { name, repository } = await source(agent, github);
  await page.goto(`${agent.url}/w/${name}/tasks?new=task`);
  await page
    .getByRole("textbox", { name: "Command" })
    .fill("# Say it\nwhile ! test -e go; do sleep 0.1; done; rm go; echo done");
  await page.getByLabel("Try it").selectOption("3");
  await page.getByRole("button", { name: "Start 3 attempts" }).click();
  await expect(page).toHaveURL(/\/compare\/attempts-[0-9a-f]{12}$/);
  const id = page.url().slice(-21);
  const [one, two, three] = [1, 2, 3].map((number) => `${name}-${number}`) as [string, string, string];
  const head = (of: string) => page.getByRole("columnheader", { name: new RegExp(`: ${of}$`) });
  const row = (path: string) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: path }) });
  for (const attempt of [one, two, three]) await expect(head(attempt)).toContainText("Running");
  await expect(page.getByText("No changes yet")).toBeVisible();
  await expect(head(one).getByRole("button", { name: /^Pick/ })).toBeDisabled();

  await sh(agent, one, `sed -i 's/= 2/= "two"/' src/main.ts && echo fresh > notes.txt && touch go`);
  await sh(agent, two, `sed -i 's/= 2/= "TWO"/' src/main.ts && git commit -qam 'Say two' && touch go`);
  await sh(agent, three, "touch go");
  for (const attempt of [one, two, three]) await expect(head(attempt)).toContainText("Completed");
  await expect(head(one)).toContainText("2 files +1 −1");
  await expect(head(two)).toContainText("1 file +1 −1");
  await expect(head(three)).toContainText("nothing");
  await expect(row("notes.txt")).toContainText("changed by 1 of 3");
  await expect(row("src/main.ts")).toContainText("changed by 2 of 3");

  // The first file is there without being asked for; keys lead to the next and to an attempt, and the address says so.
  await expect(page.getByRole("region", { name: `notes.txt in ${one}` })).toContainText("fresh");
  // The arrows do the same where the focus is in the list.
  await row("notes.txt").getByRole("button").first().focus();
  await page.keyboard.press("ArrowDown");
  await expect(row("src/main.ts").getByRole("button").first()).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(row("notes.txt")).toHaveAttribute("aria-current", "true");
  await page.keyboard.press("j");
  const diff = (of: string) => page.getByRole("region", { name: `src/main.ts in ${of}` });
  await expect(diff(one)).toContainText('export const two = "two";');
  await expect(diff(two)).toContainText('export const two = "TWO";');
  await expect(diff(three)).toContainText("It left this file as it was.");
  await page.keyboard.press("2");
  await expect(page).toHaveURL(/file=src%2Fmain\.ts&attempt=2$/);
  await page.reload();
  await expect(diff(two).locator(".tok-keyword").first()).toBeVisible();
  await expect(row("src/main.ts")).toHaveAttribute("aria-current", "true");

  // What does not run is not known, and can be started from here.
  await agent.client.workspaces.stop({ name: three });
  await expect(head(three)).toContainText("Stopped.");
  await head(three)
    .getByRole("button", { name: `Start ${three}` })
    .click();
  await expect(head(three)).not.toContainText("Stopped.");

  // What becomes of each is said before, by name.
  await sh(agent, two, "echo more >> src/main.ts");
  await page.keyboard.press("p");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText(`Pick ${two}`);
  await expect(dialog).toContainText("One file is not committed: src/main.ts");
  await expect(dialog.getByRole("listitem").filter({ hasText: one })).toContainText(
    /Stays: it holds 2 files that are not committed/,
  );
  await expect(dialog.getByRole("listitem").filter({ hasText: three })).toContainText("Is removed");
  await dialog.getByLabel("Commit message").fill(" ");
  await dialog.getByRole("button", { name: "Open pull request" }).click();
  await expect(dialog.getByText("A commit needs a message.")).toBeVisible();
  await dialog.getByLabel("Commit message").fill("Say more");
  await dialog.getByLabel("Title", { exact: true }).fill("Say two in words");
  await dialog.getByLabel("As a draft").check();
  await dialog.getByRole("button", { name: "Open pull request" }).click();
  await expect(dialog).toContainText("Pull request #1 is a draft: Say two in words");
  await expect(dialog.getByRole("link", { name: "Open pull request" })).toHaveAttribute("href", /\/pull\/1$/);
  await expect(dialog.getByRole("listitem").filter({ hasText: one })).toContainText("stays: it holds 2 files");
  await expect(dialog.getByRole("listitem").filter({ hasText: three })).toContainText("was removed.");
  await dialog.getByRole("button", { name: "Done" }).click();
  expect(repository.pulls).toMatchObject([{ title: "Say two in words", draft: true, base: "main" }]);
  await expect(page.getByRole("status").filter({ hasText: "was picked" })).toContainText(`Still here: ${one}.`);

  // The second time it goes on with what was left, and what is lost is said.
  await head(two)
    .getByRole("button", { name: /^Finish/ })
    .click();
  await dialog.getByLabel("Discard all of what they made").check();
  await expect(dialog.getByRole("listitem").filter({ hasText: one })).toContainText(
    /Lost for good: 2 files that are not committed.*src\/main\.ts, notes\.txt/,
  );
  await dialog.getByRole("button", { name: "Update pull request, discard the others" }).click();
  await expect(dialog.getByRole("listitem").filter({ hasText: one })).toContainText("was removed.");
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(head(one)).toContainText("Its workspace was removed.");
  expect(repository.pulls).toHaveLength(1);
  expect((await agent.client.workspaces.list()).map((workspace) => workspace.name).toSorted()).toEqual([name, two]);
  await page.goto(`${agent.url}/compare`);
  await expect(page.getByRole("link", { name: /# Say it/ })).toContainText(`Picked: ${two}`);
  await page.goto(`${agent.url}/w/${two}/tasks`);
  await page.getByRole("button", { name: /# Say it/ }).click();
  await page.locator(`a[href$="/compare/${id}"]`).first().click();
  await expect(page).toHaveURL(new RegExp(`/compare/${id}$`));
});

test("what the forge refuses is said under its field, nothing of the others is gone, and trying again goes on", async ({
  signedIn: page,
  agent,
  github,
}) => {
  const name = newName("refused");
  const repository = await github.repository(`acme/${name}`, { private: true, collaborators: ["ada"], drafts: false });
  await agent.client.workspaces.create({ name, clone: repository.url, runtime: "local" });
  const id = await attempts(agent, name, 2);
  for (const at of [1, 2]) await sh(agent, `${name}-${at}`, `echo ${at} > made.txt`);
  await page.goto(`${agent.url}/compare/${id}`);
  await page.getByRole("button", { name: `Pick ${name}-1…` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Commit message").fill("Make it");
  await dialog.getByLabel("As a draft").check();
  await dialog.getByLabel("Discard all of what they made").check();
  await dialog.getByRole("button", { name: /^Open pull request/ }).click();
  await expect(dialog.getByRole("alert")).toContainText("None of the others was removed.");
  await expect(dialog.getByLabel("Title", { exact: true })).toHaveAttribute("aria-invalid", "true");
  expect((await agent.client.workspaces.list()).map((one) => one.name)).toContain(`${name}-2`);
  await dialog.getByLabel("As a draft").uncheck();
  await dialog.getByRole("button", { name: "Try again" }).click();
  await expect(dialog).toContainText("Pull request #1 is open");
  expect(repository.pulls).toHaveLength(1);
  expect((await agent.client.workspaces.list()).map((one) => one.name)).not.toContain(`${name}-2`);
});

test.describe("on a phone", () => {
  test.use(phone);

  test("one attempt at a time is looked at, and one file of it; the same file of another is one press away", async ({
    signedIn: page,
    agent,
    github,
  }) => {
    const { name } = await source(agent, github);
    const id = await attempts(agent, name, 2);
    await sh(agent, `${name}-1`, `sed -i 's/= 2/= "two"/' src/main.ts`);
    await sh(agent, `${name}-2`, `sed -i 's/= 2/= "TWO"/' src/main.ts`);
    await page.goto(`${agent.url}/compare/${id}`);
    await page.getByRole("button", { name: /main\.ts/ }).click();
    await expect(page.getByRole("region", { name: `src/main.ts in ${name}-1` })).toContainText('"two"');
    await page.getByRole("radio", { name: `${name}-2` }).click();
    await expect(page.getByRole("region", { name: `src/main.ts in ${name}-2` })).toContainText('"TWO"');
    await fits(page);
    await page.getByRole("button", { name: "Back to the files" }).click();
    const pick = page.getByRole("button", { name: `Pick ${name}-2…` });
    await expect(pick).toBeEnabled();
    // While the worker does not answer, what is known stays, and nothing can be picked.
    await agent.kill();
    await expect(pick).toBeDisabled({ timeout: 60_000 });
    await expect(page.getByRole("button", { name: /main\.ts/ })).toBeVisible();
    await agent.start();
    await expect(pick).toBeEnabled({ timeout: 60_000 });
  });
});

let shared: Promise<{ id: string; name: string }> | undefined;

/** Once for all places: attempts that differ, one of them stopped, with hostile names and a file that is no text. */
async function compared(agent: AgentProcess, git: GitServer): Promise<{ id: string; name: string }> {
  const name = newName("places");
  const repository = await git.create(`team/${name}`, { files: { "src/main.ts": "export const one = 1;\n" } });
  await agent.client.workspaces.create({ name, clone: repository.url, runtime: "local" });
  const id = await attempts(agent, name, 3);
  const deep = "a/very/long/way/down/to/a/file";
  for (const at of [1, 2]) {
    await sh(
      agent,
      `${name}-${at}`,
      `mkdir -p ${deep} && seq ${at}00 | sed 's/.*/export const n& = "&";/' >> src/main.ts && head -c 300 /dev/urandom > logo.bin &&
       git add logo.bin && echo '<img src=x onerror=alert(1)>' > '${deep}/<img src=x onerror=alert(1)>.html'`,
    );
  }
  await agent.client.workspaces.stop({ name: `${name}-3` });
  return { id, name };
}

onEveryPlace("attempts can be compared and picked by everybody, everywhere", async (page, agent, git) => {
  shared ??= compared(agent, git);
  const { id, name } = await shared;
  await page.goto(`${agent.url}/compare`);
  await page.getByRole("link", { name: /Say it in words/ }).waitFor();
  await passes(page);
  await fits(page);
  await page.goto(`${agent.url}/compare/${id}?file=src/main.ts&attempt=2`);
  await page.getByRole("region", { name: "Lines" }).last().waitFor();
  await passes(page);
  await fits(page);
  const back = page.getByRole("button", { name: "Back to the files" });
  if (await back.isVisible()) {
    await back.click();
    await page.getByRole("list", { name: "Files" }).waitFor();
    await passes(page);
    await fits(page);
  }
  await page.getByRole("button", { name: `Pick ${name}-2…` }).click();
  await page
    .getByText(/Stays: it holds/)
    .first()
    .waitFor();
  await page.getByLabel("Discard all of what they made").check();
  await passes(page);
  await fits(page);
  await page.goto(`${agent.url}/compare/attempts-000000000000`);
  await page.getByText("There are no such attempts here").waitFor();
  await page.goto(`${agent.url}/w/${name}/tasks?new=task&tries=2`);
  await page.getByRole("group", { name: "Attempt 2" }).waitFor();
  await passes(page);
});
