import type { Page } from "@playwright/test";
import { contentOf, filesOf, workspaceWith } from "./files.ts";
import { expect, newName, test } from "./fixtures.ts";

test("a sign-in that ends takes nothing along that was not saved", async ({ page, agent }) => {
  const name = await workspaceWith(agent, { "a.txt": "one\n" });
  const { id, token } = await agent.client.tokens.create({ name: newName("browser"), scope: "admin" });
  await page.goto(`${agent.url}/w/${name}/files?path=a.txt`);
  await signIn(page, token);
  const { typeAtEnd, item, text } = filesOf(page, name);
  await typeAtEnd("mine\n");
  await item("a.txt, not saved").waitFor();
  await agent.client.tokens.revoke({ token: id });
  await expect(page.getByRole("alert")).toContainText("was revoked");
  await expect(page.getByText("One file has changes that are not saved")).toBeVisible();
  await signIn(page, agent.token);
  await expect(text).toContainText("mine");
  await text.press("ControlOrMeta+s");
  await expect(item("a.txt")).toBeVisible();
  expect(await contentOf(agent, name, "a.txt")).toBe("one\nmine\n");
});

test("signing out asks where something is not saved", async ({ signedIn: page, agent }) => {
  const name = await workspaceWith(agent, { "a.txt": "one\n" });
  await page.goto(`${agent.url}/w/${name}/files?path=a.txt`);
  const { typeAtEnd, item } = filesOf(page, name);
  await typeAtEnd("mine\n");
  const signOut = async () => {
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
  };
  await signOut();
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("One file has changes that are only in this page.");
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(item("a.txt, not saved")).toBeVisible();
  await signOut();
  await question.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in to this worker" })).toBeVisible();
});

test("while the worker is away, what is open stays in sight, says so, and goes on afterwards", async ({
  signedIn: page,
  agent,
}) => {
  const name = await workspaceWith(agent, { "a.txt": "one\n" });
  await page.goto(`${agent.url}/w/${name}/files?path=a.txt`);
  const { text } = filesOf(page, name);
  await expect(text).toHaveText("one");
  await agent.stop();
  const away = page.getByText("It is not known what the worker has now");
  // As when a person comes back to the tab.
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
  await expect(away).toBeVisible();
  await expect(text).toHaveText("one");
  await agent.start();
  await expect(away).toBeHidden({ timeout: 60_000 });
  await agent.client.files.write({ name, path: "a.txt", content: "two\n" });
  await expect(text).toHaveText("two");
});

test("what somebody else wrote the very same is no conflict, and nothing is left to be saved", async ({
  signedIn: page,
  agent,
}) => {
  const name = await workspaceWith(agent, { "a.txt": "one\n" });
  await page.goto(`${agent.url}/w/${name}/files?path=a.txt`);
  const { typeAtEnd, item } = filesOf(page, name);
  await typeAtEnd("two\n");
  await item("a.txt, not saved").waitFor();
  await agent.client.files.write({ name, path: "a.txt", content: "one\ntwo\n" });
  await expect(item("a.txt")).toBeVisible();
  await expect(page.getByText("changed underneath")).toHaveCount(0);
});

test("a text stays in sight where its file is no text any more, and every text that is not saved is found again", async ({
  signedIn: page,
  agent,
}) => {
  const name = await workspaceWith(agent, { "a.txt": "one\n", "b.txt": "b\n" });
  await page.goto(`${agent.url}/w/${name}/files?path=a.txt`);
  const { typeAtEnd, item, text } = filesOf(page, name);
  await typeAtEnd("mine\n");
  await item("a.txt, not saved").waitFor();
  await agent.client.files.write({ name, path: "a.txt", content: "AAECAwQ=", encoding: "base64" });
  const replaced = page.getByRole("alert").filter({ hasText: "The file is no text any more" });
  await expect(replaced).toBeVisible();
  await expect(text).toContainText("mine");

  await item("b.txt").click();
  await expect(text).toHaveText("b");
  await agent.client.files.remove({ name, path: "a.txt" });
  await expect(page.getByRole("treeitem", { name: /^a\.txt/ })).toHaveCount(0);
  await page.getByRole("button", { name: "1 other file is not saved" }).click();
  await page.getByRole("menuitem", { name: "a.txt" }).click();
  await expect(page.getByRole("alert")).toContainText("The file was removed underneath");
  await page.getByRole("button", { name: "Write it again" }).click();
  await expect(item("a.txt")).toBeVisible();
  expect(await contentOf(agent, name, "a.txt")).toBe("one\nmine\n");
});

test("the message of a commit and the text of a pull request are there after a look elsewhere", async ({
  signedIn: page,
  agent,
  git,
}) => {
  const name = newName("begun");
  const repository = await git.create(`team/${name}`, { files: { "a.txt": "one\n" } });
  await agent.client.workspaces.create({ name, clone: repository.url });
  await agent.client.files.write({ name, path: "a.txt", content: "two\n" });
  await page.goto(`${agent.url}/w/${name}/git`);
  await page.getByLabel("Commit message").fill("Begun");
  await page.getByRole("tab", { name: "Pull request" }).click();
  await page.getByLabel("Description").fill("Why it is so");
  await page.getByRole("tab", { name: "Terminals" }).click();
  await page.getByRole("tab", { name: "Git" }).click();
  await expect(page.getByLabel("Description")).toHaveValue("Why it is so");
  await page.getByRole("tab", { name: /^Changes/ }).click();
  await expect(page.getByLabel("Commit message")).toHaveValue("Begun");
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("2 texts that were begun are only in this page.");
  await question.getByRole("button", { name: "Cancel" }).click();
});

test("a script that does not come at first is asked for again, and one that never comes takes no other part along", async ({
  signedIn: page,
  agent,
}) => {
  const name = await workspaceWith(agent, { "a.txt": "one\n" });
  let failures = 0;
  await page.route(/files-panel-[^/]*\.js$/, (route) => {
    failures += 1;
    return failures === 1 ? route.abort("connectionreset") : route.continue();
  });
  await page.route(/git-panel-[^/]*\.js$/, (route) => route.abort("connectionreset"));
  await page.goto(`${agent.url}/w/${name}/files?path=a.txt`);
  const { typeAtEnd, item } = filesOf(page, name);
  await typeAtEnd("mine\n");
  await page.getByRole("tab", { name: "Git" }).click();
  await expect(page.getByRole("alert")).toContainText("This part of the page could not be shown");
  await page.getByRole("tab", { name: "Files" }).click();
  await expect(item("a.txt, not saved")).toBeVisible();
});

test("a dialog whose script does not come says so in its place and comes when it is tried again, and the page behind it stays", async ({
  signedIn: page,
  agent,
}) => {
  const name = await workspaceWith(agent, { "a.txt": "one\n" });
  await page.route(/(?:keys-sheet|asked-dialog)-[^/]*\.js$/, (route) => route.fulfill({ status: 404 }));
  await page.goto(`${agent.url}/w/${name}/files?path=a.txt`);
  const { typeAtEnd, item } = filesOf(page, name);
  await typeAtEnd("mine\n");
  const failed = page.getByRole("dialog", { name: "This could not be opened" });

  await page.getByRole("button", { name: "Stop" }).click();
  await expect(failed).toContainText("A part of this page did not come from the worker.", { timeout: 15_000 });
  await page.keyboard.press("Escape");
  await expect(failed).toBeHidden();

  await page.getByRole("tab", { name: "Files" }).focus();
  await page.keyboard.press("?");
  await expect(failed).toBeVisible({ timeout: 15_000 });
  await page.unroute(/(?:keys-sheet|asked-dialog)-[^/]*\.js$/);
  await failed.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("link", { name: "Inbox" })).toBeVisible();
  await expect(item("a.txt, not saved")).toBeVisible();
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByRole("alertdialog", { name: `Stop '${name}'?` })).toBeVisible();
});

async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel(/paste it/).fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
}
