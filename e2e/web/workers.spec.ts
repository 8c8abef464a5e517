import type { Page } from "@playwright/test";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { passes } from "./axe.ts";
import { fits } from "./every-place.ts";
import { expect, readTerminalsAsText, test } from "./fixtures.ts";
import { terminalOf } from "./terminal.ts";

/** A hub and a worker `desk` that dials out to it, both of this test alone: one is killed and started again. */
async function startBoth(): Promise<{ hub: AgentProcess; desk: AgentProcess } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const hub = stack.use(await startAgentProcess());
  const { token } = await hub.client.workers.add({ name: "desk" });
  const env = { WS_HUB_URL: hub.url, WS_HUB_TOKEN: token, WS_HUB_GRANT: "write" };
  const desk = stack.use(await startAgentProcess({ env }));
  await expect.poll(async () => (await hub.client.workers.list())[0]?.hostname).toBeDefined();
  const kept = stack.move();
  return { hub, desk, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

const switcher = (page: Page) => page.getByRole("banner").getByRole("button", { name: /^Worker: / });
const status = (page: Page) => page.getByRole("banner").getByRole("status");
const heading = (page: Page) => page.getByRole("heading", { name: "Workspaces", level: 1 });

async function signIn(page: Page, hub: AgentProcess): Promise<void> {
  await readTerminalsAsText(page.context());
  await page.goto((await hub.client.auth.link()).url);
  await heading(page).waitFor();
}

/** A workspace of the worker, open on the hub's page, at its terminal. */
async function openBeta(page: Page, { hub, desk }: { hub: AgentProcess; desk: AgentProcess }) {
  await desk.client.workspaces.create({ name: "beta", runtime: "local" });
  await signIn(page, hub);
  await page.goto(`${hub.url}/@desk/w/beta`);
  const terminal = terminalOf(page);
  await terminal.attached();
  return terminal;
}

test("one dashboard serves a worker behind its hub: it is switched to, listed, typed into and given tasks", async ({
  page,
  troubles,
}) => {
  await using both = await startBoth();
  const { hub, desk } = both;
  await hub.client.workspaces.create({ name: "alpha", runtime: "local" });
  await desk.client.workspaces.create({ name: "beta", runtime: "local" });
  const asked: string[] = [];
  page.on("websocket", (socket) => {
    asked.push(socket.url());
    socket.on("framesent", ({ payload }) => asked.push(String(payload)));
  });
  await signIn(page, hub);
  await expect(page.getByRole("link", { name: "alpha" })).toBeVisible();

  await switcher(page).press("Enter");
  const menu = page.getByRole("menu", { name: /^Worker: / });
  await expect(menu.getByRole("menuitem")).toHaveText([
    "All workers",
    /The hub of the others/,
    /^deskOnline, 1 running$/,
  ]);
  await passes(page);
  await menu.getByRole("menuitem", { name: /^desk/ }).press("Enter");
  await expect(page).toHaveURL(`${hub.url}/@desk/`);
  await expect(page).toHaveTitle("Workspaces · desk");
  await expect(switcher(page)).toHaveText("Worker: desk");
  await expect(status(page)).toHaveText("Live");
  await expect(page.getByRole("link", { name: "alpha" })).toBeHidden();

  await page.getByRole("link", { name: "beta" }).click();
  await expect(page).toHaveURL(`${hub.url}/@desk/w/beta`);
  const terminal = terminalOf(page);
  await terminal.attached();
  await terminal.run('echo "typed""=$((6*7))="');
  await terminal.shows("typed=42=");
  const token = await page.evaluate(() => localStorage.getItem("ws.token"));
  expect(asked).toContain(`${hub.url.replace("http", "ws")}/on/desk/terminal/beta`);
  expect(asked.join("\n")).not.toContain(token);

  // What was opened is an address like any other.
  await page.goto(`${hub.url}/@desk/w/beta/tasks`);
  await page.getByRole("button", { name: "New task" }).click();
  await page.getByRole("textbox", { name: "Command" }).fill("echo from the desk");
  await page.getByRole("button", { name: "Queue task" }).click();
  await expect(page.getByRole("log")).toContainText("from the desk");
  expect((await desk.client.tasks.list({ name: "beta" }))[0]?.createdBy).toMatch(/^hub\//);
  expect(await hub.client.tasks.list({ name: "alpha" })).toEqual([]);
  await page.reload();
  await expect(page.getByText("echo from the desk").first()).toBeVisible();

  await switcher(page).click();
  await page.getByRole("menuitem", { name: /The hub/ }).click();
  await expect(page.getByRole("link", { name: "alpha" })).toBeVisible();
  await expect(page).toHaveTitle("Workspaces · Workspace");
  expect(troubles.errors).toEqual([]);
});

test("a worker that goes away is said to be offline, and its page comes back by itself with its terminal", async ({
  page,
}) => {
  await using both = await startBoth();
  const { hub, desk } = both;
  const terminal = await openBeta(page, both);
  await terminal.run('echo "before""=$$="');
  await terminal.shows(/before=\d+=/);

  await desk.kill();
  await expect(status(page)).toHaveText("Offline");
  await expect(page.getByRole("alert").filter({ hasText: "This worker is offline." })).toBeVisible();
  await passes(page);

  // Opened while it is away, there is nothing of it to show.
  await page.goto(`${hub.url}/@desk/tasks`);
  const away = page.getByRole("heading", { name: "desk is offline" });
  await expect(away).toBeVisible();
  await expect(page.getByText(/^Offline, seen (just now|\d+ minutes? ago)\.$/)).toBeVisible();
  await expect(page).toHaveTitle(/^Offline · desk$/);
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await passes(page);
  }

  await desk.start();
  await expect(page.getByRole("heading", { name: "Tasks", level: 1 })).toBeVisible();
  await expect(away).toBeHidden();
  await page.goto(`${hub.url}/@desk/w/beta`);
  await terminal.attached();
  await terminal.shows(/before=\d+=/);
});

test("on a phone the workers are within reach of a thumb; where there are none, nothing is switched", async ({
  browser,
}) => {
  await using both = await startBoth();
  const { hub } = both;
  await using context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  await signIn(page, hub);
  await expect(switcher(page)).toBeVisible();
  expect((await switcher(page).boundingBox())?.height).toBeGreaterThanOrEqual(44);
  await fits(page);
  await switcher(page).tap();
  for (const item of await page.getByRole("menuitem").all()) {
    expect((await item.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  }
  await page.getByRole("menuitem", { name: /desk/ }).tap();
  await expect(page).toHaveURL(`${hub.url}/@desk/`);
  await expect(status(page)).toHaveText("Live");
  await passes(page);

  await page.goto(`${hub.url}/@nobody/`);
  await expect(page.getByRole("heading", { name: "There is no worker “nobody”" })).toBeVisible();
  await passes(page);
  await hub.client.workers.add({ name: "nobody" });
  await expect(page.getByText("Not there yet.")).toBeVisible();
  await hub.client.workers.remove({ worker: "nobody" });

  await hub.client.workers.remove({ worker: "desk" });
  await page.goto(hub.url);
  await heading(page).waitFor();
  await expect(page.getByRole("banner").getByText(/^Worker: /)).toBeHidden();
});

test("all workers stand on one page, also those that are away, that never were there and that do not answer", async ({
  page,
}) => {
  await using both = await startBoth();
  const { hub, desk } = both;
  await hub.client.workspaces.create({ name: "alpha", runtime: "local" });
  await desk.client.workspaces.create({ name: "beta", runtime: "local" });
  await desk.client.tasks.create({ name: "beta", spec: { kind: "command", command: ["sleep", "600"] } });
  await hub.client.workers.add({ name: "later" });
  await signIn(page, hub);
  // Whose worker does not answer: what it is asked is held back until the test lets go of it.
  let asked = 0;
  const { promise: letGo, resolve: answer } = Promise.withResolvers<void>();
  await page.route("**/on/desk/rpc/workspaces/list", async (route) => {
    asked += 1;
    await letGo;
    await route.continue();
  });
  await switcher(page).click();
  await page.getByRole("menuitem", { name: "All workers" }).click();
  await expect(page.getByRole("heading", { name: "Workers", level: 1 })).toBeVisible();
  const card = (name: RegExp) =>
    page.getByRole("listitem").filter({ has: page.getByRole("heading", { name, level: 2 }) });
  const rest = page.getByRole("listitem").filter({ hasText: "The hub of the others" });
  await expect(rest.getByRole("link", { name: "alpha" })).toHaveAttribute("href", "/w/alpha");
  await expect(card(/^later$/)).toContainText("Not there yet");
  await expect(card(/^later$/)).toContainText("Start its agent as the hub said");
  await expect(card(/^desk$/)).toContainText("Online");
  await expect(card(/^desk$/).getByText("1 task runs")).toBeVisible({ timeout: 20_000 });
  await expect.poll(() => asked).toBeGreaterThan(0);
  await expect(card(/^desk$/).getByRole("link", { name: "beta" })).toBeHidden();
  await expect(card(/^desk$/)).toContainText("It did not answer in time.", { timeout: 15_000 });
  answer();
  await card(/^desk$/)
    .getByRole("button", { name: "Ask again" })
    .click();
  await expect(card(/^desk$/).getByRole("link", { name: "beta" })).toHaveAttribute("href", "/@desk/w/beta");
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await passes(page);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await passes(page);

  // The same as one table, by worker; what is filtered stands in the address.
  await page.getByRole("radio", { name: "All workspaces" }).click();
  const table = page.getByRole("region", { name: "Workspaces of all workers" });
  const rows = table.getByRole("row");
  await expect(rows).toContainText([
    /^Name/,
    /The hub of the others · 1 workspace/,
    "alpha",
    /^desk/,
    "beta",
    /^later/,
    /./,
  ]);
  await expect(table.getByRole("link", { name: "beta" })).toHaveAttribute("href", "/@desk/w/beta");
  await fits(page);
  await passes(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await passes(page);
  await page.getByRole("searchbox", { name: "Filter workspaces" }).fill("desk status:run");
  await expect(rows).toContainText([/^Name/, /^desk/, "beta"]);
  await expect(page).toHaveURL(/view=table&q=desk\+status%3Arun$/);
  await page.getByRole("searchbox", { name: "Filter workspaces" }).fill("nowhere");
  await page.getByRole("button", { name: "Clear the filter" }).click();
  await page.getByRole("radio", { name: "Workers" }).click();

  await desk.kill();
  await expect(card(/^desk$/)).toContainText(/Offline, seen/, { timeout: 20_000 });
  await expect(card(/^desk$/)).toContainText("1 workspace when it was last seen.");
  await desk.start();
  await expect(card(/^desk$/).getByRole("link", { name: "beta" })).toBeVisible({ timeout: 20_000 });
  await card(/^desk$/)
    .getByRole("link", { name: "Open desk" })
    .click();
  await expect(page).toHaveURL(`${hub.url}/@desk/`);
});

test("a worker's terminal is shared on its page, for somebody who reaches only the hub, until the link is revoked", async ({
  page,
  browser,
}) => {
  await using both = await startBoth();
  const { hub } = both;
  const mine = await openBeta(page, both);
  await page.getByRole("button", { name: "Actions of main" }).click();
  await page.getByRole("menuitem", { name: "Share…" }).click();
  const dialog = page.getByRole("dialog", { name: "Share 'main'" });
  await dialog.getByRole("button", { name: "Make a link" }).click();
  const url = await dialog.getByRole("textbox", { name: "The link, shown only now" }).inputValue();
  expect(url).toMatch(new RegExp(`^${hub.url}/@desk/watch/beta/main#token=wst_`));

  const context = await browser.newContext();
  await readTerminalsAsText(context);
  const guest = await context.newPage();
  await guest.goto(url);
  const seen = terminalOf(guest);
  await seen.attached();
  expect(guest.url()).toBe(`${hub.url}/@desk/watch/beta/main`);
  await expect(guest.getByText("You are watching.")).toBeVisible();
  expect(await guest.evaluate(() => localStorage.getItem("ws.token"))).toBeNull();
  await dialog.getByRole("button", { name: "Close" }).click();
  await mine.run("echo sho''wn");
  await seen.shows("shown");

  await page.getByRole("button", { name: "Actions of main" }).click();
  await page.getByRole("menuitem", { name: "Share…" }).click();
  await dialog.getByRole("button", { name: /^Revoke/ }).click();
  await expect(dialog.getByText("Nobody has one.")).toBeVisible();
  await expect(seen.state).toHaveAttribute("data-terminal-state", "refused");
  await guest.reload();
  await expect(seen.state).toHaveAttribute("data-terminal-state", "refused");
  await context.close();
});
