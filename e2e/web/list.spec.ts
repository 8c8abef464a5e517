import type { Page, Request } from "@playwright/test";
import { expect, newName, test } from "./fixtures.ts";

test("the list follows what others do, without a reload", async ({ signedIn: page, agent }) => {
  const name = newName("live");
  const row = page.getByRole("listitem").filter({ has: page.getByRole("link", { name, exact: true }) });
  await agent.client.workspaces.create({ name });
  await expect(row).toContainText("Running");
  expect((await agent.ws(["stop", name])).code).toBe(0);
  await expect(row).toContainText("Stopped");
  const renamed = newName("renamed");
  expect((await agent.ws(["rename", name, renamed])).code).toBe(0);
  await expect(page.getByRole("link", { name: renamed })).toBeVisible();
  await expect(row).toHaveCount(0);
  expect((await agent.ws(["delete", renamed, "--yes"])).code).toBe(0);
  await expect(page.getByRole("link", { name: renamed })).toHaveCount(0);
});

test("the keyboard alone opens, walks and leaves", async ({ signedIn: page, agent }) => {
  const [first, second] = [newName("keys"), newName("keys")];
  await agent.client.workspaces.create({ name: first });
  await agent.client.workspaces.create({ name: second });
  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog", { name: "New workspace" });
  await expect(dialog.getByLabel("Repository")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  // The newest is on top.
  await page.getByRole("link", { name: second }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("link", { name: first })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/w/${first}*`);
});

test("stop, start, rename and delete: each says what it costs, and delete asks for the name", async ({
  signedIn: page,
  agent,
  git,
}) => {
  test.setTimeout(240_000);
  const name = newName("shop");
  const repository = await git.create(`team/${name}`);
  await agent.client.workspaces.create({ name, clone: repository.url });
  await agent.client.workspaces.exec({ name, command: "echo more >> README.md; echo new > notes.txt" });
  const menu = (item: string) => choose(page, item);
  await page.goto(`${agent.url}/w/${name}?tab=details`);
  const ask = page.getByRole("alertdialog");

  await menu("Stop…");
  await expect(ask).toContainText("Its terminals end");
  await ask.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByText("Stopped", { exact: true })).toBeVisible();
  await menu("Start");
  await expect(page.getByText("Running", { exact: true })).toBeVisible({ timeout: 60_000 });

  const renamed = newName("store");
  await menu("Rename…");
  await page.getByLabel("New name").fill(renamed);
  await page.getByRole("button", { name: "Rename" }).click();
  await page.waitForURL(`**/w/${renamed}*`);

  await menu("Delete…");
  await expect(ask).toContainText("Its home");
  await expect(ask).toContainText("holds 2 files that are not committed");
  const button = ask.getByRole("button", { name: "Delete workspace" });
  await expect(button).toBeDisabled();
  await ask.getByRole("textbox").fill(renamed);
  await button.click();
  await page.waitForURL(`${agent.url}/`);
  await expect(page.getByRole("link", { name: renamed })).toHaveCount(0, { timeout: 60_000 });
});

test("delete shows what lies nowhere else, of a stopped workspace too, and forces only then", async ({
  signedIn: page,
  agent,
  git,
}) => {
  test.setTimeout(240_000);
  const name = newName("work");
  const repository = await git.create(`team/${name}`);
  await agent.client.workspaces.create({ name, clone: repository.url });
  const ask = page.getByRole("alertdialog");
  const leave = () => ask.getByRole("button", { name: "Cancel" }).click();
  await page.goto(`${agent.url}/w/${name}?tab=details`);
  await choose(page, "Delete…");
  await expect(ask).toContainText("found no uncommitted file, unpushed commit or stash");
  await leave();

  const stash = "echo stashed >> README.md && git stash && echo new > notes.txt";
  expect(await agent.client.workspaces.exec({ name, command: stash })).toMatchObject({ exitCode: 0 });
  await choose(page, "Delete…");
  await expect(ask).toContainText("1 file that is not committed and 1 stash");
  await leave();

  await agent.client.workspaces.stop({ name });
  await expect(page.getByText("Stopped", { exact: true })).toBeVisible();
  await choose(page, "Delete…");
  await expect(ask).toContainText("1 file that is not committed and 1 stash", { timeout: 60_000 });
  const forced = page.waitForRequest(isDelete);
  await ask.getByRole("textbox").fill(name);
  await ask.getByRole("button", { name: "Delete workspace" }).click();
  expect((await forced).postData()).toContain('"force":true');
  await page.waitForURL(`${agent.url}/`);
  await expect(page.getByRole("link", { name })).toHaveCount(0, { timeout: 60_000 });
});

test("a delete that comes before the look ends is not forced: the worker's refusal is shown and asked about", async ({
  signedIn: page,
  agent,
  git,
}) => {
  const name = newName("hasty");
  const repository = await git.create(`team/${name}`);
  await agent.client.workspaces.create({ name, clone: repository.url });
  await agent.client.workspaces.exec({ name, command: "echo new > notes.txt" });
  await page.route(/workspaces\/cleanup$/, () => undefined);
  await page.goto(`${agent.url}/w/${name}?tab=details`);
  await choose(page, "Delete…");
  const ask = page.getByRole("alertdialog");
  const field = ask.getByRole("textbox");
  const answer = async () => {
    const sent = page.waitForRequest(isDelete);
    await field.fill(name);
    await field.press("Enter");
    return (await sent).postData();
  };
  await expect(ask).toContainText("The worker looks for work");
  expect(await answer()).not.toContain("force");
  await expect(ask.getByRole("alert")).toContainText(`'${name}' is kept: it holds 1 file that is not committed`);
  await expect(field).toHaveValue("");
  await expect(field).toBeFocused();
  await expect(ask.getByRole("button", { name: "Delete workspace" })).toBeDisabled();
  expect(await agent.client.workspaces.get({ name })).toMatchObject({ status: "running" });
  expect(await answer()).toContain('"force":true');
  await page.waitForURL(`${agent.url}/`);
  await expect(page.getByRole("link", { name })).toHaveCount(0, { timeout: 60_000 });
});

test("while the agent is away the list stays, marked as old, and comes back by itself", async ({
  signedIn: page,
  agent,
}) => {
  const name = newName("stale");
  await agent.client.workspaces.create({ name });
  await expect(page.getByRole("link", { name })).toBeVisible();
  await agent.stop();
  await expect(page.getByRole("button", { name: "Reconnecting…" })).toBeVisible();
  await expect(page.getByRole("link", { name })).toBeVisible();
  await agent.start();
  await expect(page.getByText("Live", { exact: true })).toBeVisible({ timeout: 30_000 });
});

async function choose(page: Page, item: string): Promise<void> {
  await page.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

const isDelete = (request: Request): boolean => new URL(request.url()).pathname.endsWith("/workspaces/delete");
