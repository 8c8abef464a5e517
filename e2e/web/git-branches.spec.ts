import { expect, newName, test } from "./fixtures.ts";
import { place } from "./place.ts";

test("a branch is made and switched to, and changes that stand in the way are put away and brought back", async ({
  signedIn: page,
  agent,
  git,
}) => {
  const repository = await git.create(`team/${newName("switch")}`, {
    files: { "a.txt": "one\n" },
    branches: ["theirs"],
  });
  const { name, sh } = await place(agent, repository.url);
  await sh("git checkout -q -b other && echo two > a.txt && git commit -qam Two");
  await page.goto(`${agent.url}/w/${name}/git`);
  await page.getByRole("button", { name: /^Branch: other/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Find or name a branch").fill("fix/login");
  await dialog.getByRole("button", { name: "Create fix/login from here" }).click();
  await expect(dialog).toBeHidden();
  expect(await sh("git branch --show-current")).toBe("fix/login\n");

  await sh("echo mine > a.txt");
  await page.getByRole("button", { name: /^Branch: fix\/login/ }).click();
  await dialog.getByRole("button", { name: /theirs/ }).click();
  await expect(dialog).toContainText("uncommitted_work");
  expect(await sh("git branch --show-current")).toBe("fix/login\n");
  await dialog.getByRole("button", { name: "Stash everything and switch" }).click();
  await expect(dialog).toBeHidden();
  expect(await sh("git branch --show-current && cat a.txt")).toBe("theirs\none\n");

  await page.getByRole("tab", { name: /^Stashes/ }).click();
  await expect(page.getByText("Before the switch to theirs")).toBeVisible();
  await sh("git checkout -q fix/login");
  await page.getByRole("button", { name: "Bring back" }).click();
  await expect(page.getByText("Nothing is put away")).toBeVisible();
  expect(await sh("cat a.txt")).toBe("mine\n");
  await page.getByRole("button", { name: "More of git" }).click();
  await page.getByRole("menuitem", { name: "Stash changes…" }).click();
  await dialog.getByLabel("Message").fill("For later");
  await dialog.getByRole("button", { name: "Stash", exact: true }).click();
  await page.getByRole("button", { name: "Drop…" }).click();
  await expect(page.getByRole("alertdialog")).toContainText("For later");
  await page.getByRole("alertdialog").getByRole("button", { name: "Drop stash" }).click();
  await expect(page.getByText("Nothing is put away")).toBeVisible();
});

test("a rebase that stopped at a conflict is gone on with once the file is staged, or aborted", async ({
  signedIn: page,
  agent,
  git,
}) => {
  const repository = await git.create(`team/${newName("rebase")}`, { files: { "a.txt": "one\n" } });
  const { name, sh } = await place(agent, repository.url);
  const stop = [
    "git checkout -q -b base && echo theirs > a.txt && git commit -qam Theirs",
    "git checkout -q -b mine HEAD~1 && echo mine > a.txt && git commit -qam Mine",
    "! git rebase -q base 2>/dev/null",
  ].join(" && ");
  await sh(stop);
  await page.goto(`${agent.url}/w/${name}/git`);
  const banner = page.getByRole("status").filter({ hasText: "A rebase is under way" });
  await expect(banner).toContainText("One file conflicts");
  await expect(banner.getByRole("button", { name: "Continue" })).toBeDisabled();
  await page.getByRole("button", { name: /^a\.txt/ }).click();
  await expect(page.getByRole("region", { name: "Lines" })).toContainText(">>>>>>>");
  await banner.getByRole("button", { name: "Abort…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Abort" }).click();
  await expect(banner).toBeHidden();
  await expect.poll(() => sh("git branch --show-current && cat a.txt")).toBe("mine\nmine\n");

  await sh("! git rebase -q base 2>/dev/null && echo both > a.txt");
  await page.getByRole("button", { name: "More of git" }).click();
  await page.getByRole("menuitem", { name: "Read again" }).click();
  await page.getByRole("button", { name: "Stage a.txt" }).click();
  await banner.getByRole("button", { name: "Continue" }).click();
  await expect(banner).toBeHidden();
  await expect
    .poll(() => sh("git branch --show-current && cat a.txt && git log --format=%s -2"))
    .toBe("mine\nboth\nMine\nTheirs\n");
});

test("what a policy refuses is said with the rule and where it is set", async ({ signedIn: page, agent, git }) => {
  const repository = await git.create(`team/${newName("policy")}`, { files: { "a.txt": "one\n" } });
  const { name, sh } = await place(agent, repository.url);
  await sh("echo two > a.txt");
  await agent.client.policy.update({ name, set: { commit: false } });
  await page.goto(`${agent.url}/w/${name}/git`);
  await page.getByLabel("Commit message").fill("Try it");
  await page.getByRole("button", { name: "Commit 1 file" }).click();
  const refusal = page.getByRole("alert");
  await expect(refusal).toContainText("the rule commit of the workspace");
  await expect(refusal).toContainText(`ws policy set ${name} commit`);
  await expect(page.getByLabel("Commit message")).toHaveValue("Try it");
});

test("without a repository, stopped, and where the repository is gone, the page says so and how to go on", async ({
  signedIn: page,
  agent,
  git,
}) => {
  const bare = newName("bare");
  await agent.client.workspaces.create({ name: bare });
  await page.goto(`${agent.url}/w/${bare}/git`);
  await expect(page.getByText(`'${bare}' has no repository`)).toBeVisible();

  const repository = await git.create(`team/${newName("gone")}`);
  const { name, sh } = await place(agent, repository.url);
  await sh("mv .git elsewhere");
  await page.goto(`${agent.url}/w/${name}/git`);
  await expect(page.getByRole("alert")).toContainText("repository_not_found");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("alert")).toContainText("repository_not_found");
  // Back, it is seen without being asked for.
  await sh("mv elsewhere .git");
  await expect(page.getByRole("tab", { name: /^Changes/ })).toBeVisible();
  await agent.client.workspaces.stop({ name });
  await expect(page.getByRole("heading", { name: `${name} is stopped` })).toBeVisible();
});

test("Enter in the list of branches switches to the one that is meant, or makes the one that is named", async ({
  signedIn: page,
  agent,
  git,
}) => {
  const repository = await git.create(`team/${newName("enter")}`, { branches: ["theirs"] });
  const { name, sh } = await place(agent, repository.url);
  await page.goto(`${agent.url}/w/${name}/git`);
  await page.getByRole("button", { name: /^Branch:/ }).click();
  const field = page.getByLabel("Find or name a branch");
  await page
    .getByRole("list", { name: "Branches" })
    .getByRole("button", { name: /theirs/ })
    .waitFor();
  await field.fill("thei");
  await field.press("Enter");
  await page.getByRole("button", { name: /^Branch: theirs/ }).click();
  await field.fill("mine/new");
  await page.getByRole("button", { name: "Create mine/new from here" }).waitFor();
  await field.press("Enter");
  await expect(page.getByRole("button", { name: /^Branch: mine\/new/ })).toBeVisible();
  expect(await sh("git branch --show-current")).toBe("mine/new\n");
});
