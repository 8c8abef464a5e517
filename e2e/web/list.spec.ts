import type { Page, Request } from "@playwright/test";
import { playedWorkspace } from "@ws/rpc-contract/testing";
import { passes } from "./axe.ts";
import { expect, newName, test } from "./fixtures.ts";
import { manyWorkspaces } from "./many-workspaces.ts";
import { installTool, prompt } from "./tasks.ts";
import { terminalOf } from "./terminal.ts";

test("the list follows what others do, without a reload", async ({ signedIn: page, agent }) => {
  const name = newName("live");
  const row = rowOf(page, name);
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
  await page.keyboard.press("k");
  await expect(page.getByRole("link", { name: second })).toBeFocused();
  await page.keyboard.press("x");
  await expect(page.getByRole("toolbar", { name: "Selected workspaces" })).toContainText("1 selected");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("toolbar", { name: "Selected workspaces" })).toBeHidden();
  await page.keyboard.press("j");
  await expect(page.getByRole("link", { name: first })).toBeFocused();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Filter workspaces" })).toBeFocused();
  await page.keyboard.type(first);
  await expect(page.getByRole("link", { name: second })).toBeHidden();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("link", { name: first })).toBeFocused();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toContainText("Next row");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("link", { name: first })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/w/${first}*`);
  await page.getByRole("tab", { name: "Logs" }).focus();
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await page.waitForURL("**/tasks");
});

test("what is shown stands in the address: a link to it shows the same, and the way back leads through it", async ({
  signedIn: page,
  agent,
}) => {
  const execution = { id: newName("exec"), role: "engineer" };
  const [mine, stopped, other] = [newName("view"), newName("view"), newName("view")];
  for (const name of [mine, stopped]) await agent.client.workspaces.create({ name, execution });
  await agent.client.workspaces.create({ name: other });
  await agent.client.workspaces.stop({ name: stopped });
  const link = (name: string) => page.getByRole("link", { name, exact: true });
  await expect(rowOf(page, stopped)).toContainText("Stopped");
  await page.getByRole("searchbox").fill(execution.id);
  await expect(link(other)).toBeHidden();
  await page.getByRole("button", { name: /^Running/ }).click();
  await expect(link(stopped)).toBeHidden();
  await page.getByRole("combobox", { name: "Group" }).selectOption("By execution");
  await expect(page.getByRole("rowheader")).toHaveText([`${execution.id}1 workspace`]);
  const address = page.url();
  expect(new URL(address).search).toBe(`?q=${execution.id}&status=running&group=execution`);
  await page.goBack();
  await page.goBack();
  await expect(link(stopped)).toBeVisible();
  await expect(page.getByRole("searchbox")).toHaveValue(execution.id);
  await page.goto(address);
  await expect(page.getByRole("rowheader")).toHaveCount(1);
  await expect(link(mine)).toBeVisible();
  await expect(link(stopped)).toBeHidden();
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(link(other)).toBeVisible();
  // How it is sorted and grouped is what this browser prefers from then on; what is filtered is not.
  await page.getByRole("columnheader", { name: "Name" }).getByRole("button").click();
  await page.goto(agent.url);
  await expect(page.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "ascending");
  await expect(page.getByRole("combobox", { name: "Group" })).toHaveValue("execution");
  await page.getByRole("searchbox").fill("nothing-is-called-this");
  await expect(page.getByText("No workspace matches")).toBeVisible();
  await page.getByRole("button", { name: "Clear the filter" }).click();
  await expect(link(other)).toBeVisible();
});

test("several are stopped and deleted at once, each tells what became of it, and one with work is kept", async ({
  signedIn: page,
  agent,
  git,
}) => {
  test.setTimeout(240_000);
  const stem = newName("bulk");
  const [plain, kept] = [newName(stem), newName(stem)];
  const repository = await git.create(`team/${stem}`);
  await agent.client.workspaces.create({ name: plain });
  await agent.client.workspaces.create({ name: kept, clone: repository.url });
  await agent.client.workspaces.exec({ name: kept, command: "echo new > notes.txt" });
  await page.goto(`${agent.url}/?q=${stem}`);
  await page.getByRole("checkbox", { name: "Select all that are shown" }).check();
  const bar = page.getByRole("toolbar", { name: "Selected workspaces" });
  await expect(bar).toContainText("2 selected");
  await expect(bar.getByRole("button", { name: "Start" })).toBeDisabled();
  const dialog = page.getByRole("dialog");
  const item = (name: string) => dialog.getByRole("listitem").filter({ hasText: name });

  await bar.getByRole("button", { name: "Delete…" }).click();
  await dialog.getByRole("button", { name: "Delete 2 workspaces" }).click();
  await expect(item(plain)).toContainText("deleted", { timeout: 60_000 });
  await expect(item(kept)).toContainText("not deleted", { timeout: 60_000 });
  await expect(item(kept)).toContainText("1 file that is not committed");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  // Something is still to be done about that one.
  await expect(bar).toContainText("1 selected");
  await expect(page.getByRole("link", { name: plain, exact: true })).toHaveCount(0);

  await bar.getByRole("button", { name: "Stop…" }).click();
  await dialog.getByRole("button", { name: "Stop 1 workspace" }).click();
  await expect(item(kept)).toContainText("stopped", { timeout: 60_000 });
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(rowOf(page, kept)).toContainText("Stopped");
  await expect(bar).toBeHidden();
});

test("Escape calls off what was not begun of a delete of several: that stays, and stays selected", async ({
  signedIn: page,
  agent,
}) => {
  test.setTimeout(120_000);
  const stem = newName("off");
  const names = Array.from({ length: 4 }, () => newName(stem));
  await Promise.all(names.map((name) => agent.client.workspaces.create({ name })));
  await page.goto(`${agent.url}/?q=${stem}`);
  await expect(page.getByRole("link", { name: stem })).toHaveCount(4);
  await page.getByRole("checkbox", { name: "Select all that are shown" }).check();
  const bar = page.getByRole("toolbar", { name: "Selected workspaces" });
  const dialog = page.getByRole("dialog");
  const letGo = Promise.withResolvers<void>();
  await page.route(/workspaces\/delete$/, async (route) => {
    await letGo.promise;
    await route.continue();
  });
  await bar.getByRole("button", { name: "Delete…" }).click();
  await dialog.getByRole("button", { name: "Delete 4 workspaces" }).click();
  await expect(dialog.getByLabel("under way")).toHaveCount(3);
  await page.keyboard.press("Escape");
  await expect(dialog.getByText("not begun")).toHaveCount(1);
  letGo.resolve();
  await expect(dialog.getByText("deleted", { exact: true })).toHaveCount(3, { timeout: 60_000 });
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(bar).toContainText("1 selected");
  const left = await agent.client.workspaces.list();
  expect(left.filter(({ name }) => names.includes(name))).toHaveLength(1);
});

test("a task that asks is what its workspace needs, in the list and in the numbers above it", async ({
  signedIn: page,
  agent,
}) => {
  const name = newName("asks");
  await agent.client.workspaces.create({ name });
  await installTool(agent, name);
  const id = await prompt(agent, name, "Choose", "ask");
  await expect(rowOf(page, name)).toContainText("Asks you", { timeout: 60_000 });
  await expect(page.getByRole("link", { name: / today$/ })).toHaveAttribute("href", "/usage");
  await page.getByRole("link", { name: /need(?:s)? you$/ }).click();
  await expect(page).toHaveURL(/needs=me/);
  await rowOf(page, name).getByRole("link", { name: "Asks you" }).click();
  await page.waitForURL(`**/w/${name}/tasks?task=${id}`);
});

test("the palette goes anywhere and does anything by keys alone, and leaves Ctrl-K to a shell", async ({
  signedIn: page,
  agent,
}) => {
  const name = newName("palette");
  await agent.client.workspaces.create({ name });
  await expect(page.getByRole("link", { name })).toBeVisible();
  const field = page.getByRole("combobox", { name: "Command" });
  const current = page.getByRole("option", { selected: true });

  await page.keyboard.press("ControlOrMeta+k");
  await expect(field).toBeFocused();
  await field.fill("zzz nothing");
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await field.fill(`${name} term`);
  await expect(current).toContainText(`${name}: Terminals`);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/w/${name}/terminals`);
  const terminal = terminalOf(page);
  await terminal.attached();

  await page.locator(".xterm").click();
  await page.keyboard.press("Control+k");
  await terminal.run(`echo still-""the-shell`);
  await terminal.shows("still-the-shell");
  await expect(field).toBeHidden();

  await page.keyboard.press("Control+Shift+K");
  // What was used last is first.
  await expect(current).toContainText(`${name}: Terminals`);
  await field.fill("delete");
  await page.keyboard.press("Enter");
  const ask = page.getByRole("alertdialog");
  await expect(ask.locator(":focus")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(ask).toBeHidden();

  await page.getByRole("button", { name: "Command palette" }).click();
  await field.fill("dark");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByRole("button", { name: "Command palette" }).click();
  await field.fill("new task");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "New task" })).toBeVisible();
  await page.keyboard.press("Escape");

  // What a panel on the screen can do, and what can be set somewhere.
  await page.getByRole("tab", { name: "Files" }).click();
  await page.getByRole("button", { name: "Command palette" }).click();
  await field.fill("new folder");
  // Once the panel is there.
  await expect(current).toContainText("New folder");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "New folder" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Command palette" }).click();
  await field.fill("ssh keys settings");
  await expect(current).toContainText("Settings: Credentials");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/settings/credentials");
});

test("what changed while nobody looked is marked until somebody looks at it, and can be listed alone", async ({
  signedIn: page,
  agent,
}) => {
  const [one, two] = [newName("away"), newName("seen")];
  for (const name of [one, two]) await agent.client.workspaces.create({ name, runtime: "local" });
  const MARK = "Changed since you were here";
  const marked = (name: string) => rowOf(page, name).getByText(MARK);
  const known = () => page.evaluate(() => localStorage.getItem("ws.list.seen") ?? "");
  const idOf = async (name: string) => (await agent.client.workspaces.get({ name })).id;
  // What a page does beside its screen begins with the first sign of somebody.
  await page.mouse.move(200, 200);
  for (const name of [one, two]) await expect.poll(known).toContain(await idOf(name));
  await agent.client.workspaces.stop({ name: two });
  await expect(rowOf(page, two)).toContainText("Stopped");
  await page.getByRole("link", { name: /^Inbox/ }).click();
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
  await agent.client.workspaces.stop({ name: one });
  await page.getByRole("link", { name: "Workspaces", exact: true }).first().click();
  await expect(marked(one)).toHaveCount(1);
  // What becomes another before somebody's eyes is no news.
  await expect(marked(two)).toHaveCount(0);
  await page.reload();
  await expect(marked(one)).toHaveCount(1);
  await page.getByRole("link", { name: /^\d+\s*changed since you were here/ }).click();
  await expect(page).toHaveURL(/changed=visit/);
  await expect(rowOf(page, two)).toHaveCount(0);
  await passes(page);
  await page.getByRole("link", { name: one, exact: true }).click();
  await page.getByRole("heading", { name: one, level: 1 }).waitFor();
  await page.goBack();
  await expect(page.getByText("No workspace matches")).toBeVisible();
  await page.goto(`${agent.url}/inbox`);
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
  await agent.client.workspaces.start({ name: two });
  await page.goto(`${agent.url}/?changed=visit`);
  await expect(marked(two)).toHaveCount(1);
  await page.getByRole("button", { name: "Mark as seen" }).click();
  await expect(rowOf(page, one)).toBeVisible();
  await expect(marked(two)).toHaveCount(0);
  await page.reload();
  await expect(rowOf(page, two)).toContainText("Running");
  await expect(marked(two)).toHaveCount(0);
});

test("of five hundred workspaces an event renders the row of its own, and a reading its cells", async ({
  page,
  agent,
}) => {
  const { send, rendered } = await manyWorkspaces(page, agent.url, 500);
  await expect(page.locator("[data-row]")).toHaveCount(500);
  await rendered();
  await send.event({ type: "changed", workspace: { ...playedWorkspace(7), status: "stopped" } });
  await expect(rowOf(page, playedWorkspace(7).name)).toContainText("Stopped");
  expect(await rendered()).toEqual({ rows: [playedWorkspace(7).id], cells: [] });
  const at = new Date().toISOString();
  await send.usage({ usages: [{ id: playedWorkspace(3).id, cpuPercent: 41.8, at }] });
  await expect(rowOf(page, playedWorkspace(3).name)).toContainText("42 %");
  expect(await rendered()).toEqual({ rows: [], cells: [playedWorkspace(3).id] });
  await send.usage({
    usages: [
      { id: playedWorkspace(3).id, cpuPercent: 42.1, at },
      { id: playedWorkspace(4).id, cpuPercent: 7, at },
    ],
  });
  await expect(rowOf(page, playedWorkspace(4).name)).toContainText("7 %");
  expect(await rendered()).toEqual({ rows: [], cells: [playedWorkspace(4).id] });
});

test("an engine that came back while the stream was away is not told as gone for ever", async ({ page, agent }) => {
  const { send } = await manyWorkspaces(page, agent.url, 1);
  const gone = page.getByText("The container engine does not answer");
  await expect(page.locator("[data-row]")).toHaveCount(1);
  await send.event({ type: "engine", available: false });
  await expect(gone).toBeVisible();
  await send.event({ type: "snapshot", workspaces: [playedWorkspace(0)] });
  await expect(gone).toBeHidden();
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

function rowOf(page: Page, name: string) {
  return page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
}

async function choose(page: Page, item: string): Promise<void> {
  await page.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

const isDelete = (request: Request): boolean => new URL(request.url()).pathname.endsWith("/workspaces/delete");
