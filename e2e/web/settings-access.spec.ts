import type { Page } from "@playwright/test";
import { createAgentClient } from "@ws/rpc-contract/client";
import type { AgentProcess } from "../support/agent-process.ts";
import { passes } from "./axe.ts";
import { fits, onEveryPlace, phone } from "./every-place.ts";
import { expect, test } from "./fixtures.ts";

const heading = (page: Page, name: string) => page.getByRole("heading", { name, level: 1 });

async function openSection(page: Page, agent: AgentProcess, id: string, title: string): Promise<void> {
  await page.goto(`${agent.url}/settings/${id}`);
  await heading(page, title).waitFor();
}

/** Makes a code in the panel and resolves to the link that a browser of this machine opens. */
async function showCode(page: Page, scope?: string): Promise<string> {
  await page.getByRole("button", { name: "Pair a device" }).click();
  const panel = page.getByRole("dialog", { name: "Pair a device" });
  if (scope !== undefined) await panel.getByRole("radio", { name: scope, exact: true }).check();
  await panel.getByRole("button", { name: "Show the code" }).click();
  await expect(panel.getByRole("timer")).toHaveText(/^Good for (?:10:00|9:\d\d)\.$/);
  return panel.locator("[data-link]").innerText();
}

test("a browser is paired by the code that is shown, renamed, and signed out at once when it is revoked", async ({
  signedIn: page,
  browser,
  agent,
  troubles,
}) => {
  await openSection(page, agent, "devices", "Devices");
  const link = await showCode(page, "Read");
  await using elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await other.goto(link);
  await heading(other, "Workspaces").waitFor();
  await expect(page.getByRole("dialog").getByRole("status")).toContainText("is paired");
  await page.getByRole("button", { name: "Done" }).click();

  const paired = (await agent.client.devices.list()).find(({ scope }) => scope === "read");
  const name = paired?.name ?? "";
  await page.getByRole("button", { name: `Rename ${name}`, exact: true }).click();
  await page.getByRole("textbox", { name: "New name" }).fill("kitchen");
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  await expect(page.getByRole("button", { name: "Revoke kitchen" })).toBeVisible();
  await expect(page.getByText("may read")).toBeVisible();

  await page.getByRole("button", { name: "Revoke kitchen" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("button", { name: "Revoke kitchen" })).toBeHidden();
  // Without a touch.
  await expect(other.getByText("This browser's sign-in was revoked.")).toBeVisible();
  expect(troubles.errors).toEqual([]);
});

test("all other devices are revoked in one go, and this browser stays", async ({ signedIn: page, agent }) => {
  const own = await page.evaluate(() => localStorage.getItem("ws.token.id"));
  const tokens: string[] = [];
  for (const platform of ["Firefox on Android", "Safari on iPhone"]) {
    const code = new URL((await agent.client.auth.link()).url).hash.slice("#code=".length);
    tokens.push((await agent.client.auth.exchange({ code, platform })).token);
  }
  await openSection(page, agent, "devices", "Devices");
  await page.getByRole("button", { name: "Revoke all others" }).click();
  const asked = page.getByRole("alertdialog");
  await expect(asked.getByRole("listitem").filter({ hasText: "Safari on iPhone" })).toBeVisible();
  await asked.getByRole("button", { name: /^Revoke \d+ devices$/ }).click();
  await expect(page.getByText("No other device was let in.")).toBeVisible();
  expect((await agent.client.devices.list()).map(({ id }) => id)).toEqual([own]);
  for (const token of tokens) {
    await expect(createAgentClient({ url: agent.url, token: () => token }).info()).rejects.toMatchObject({
      code: "UNAUTHORIZED",
    });
  }
});

test.describe("on a phone", () => {
  test.use(phone);

  test("a code is good for as long as it is shown: with the panel it is closed", async ({
    signedIn: page,
    browser,
    agent,
  }) => {
    await openSection(page, agent, "devices", "Devices");
    const link = await showCode(page);
    await fits(page);
    await passes(page);
    const closed = page.waitForResponse((response) => response.url().includes("/rpc/pairing/close"));
    await page.getByRole("button", { name: "Cancel the code" }).click();
    expect((await closed).status()).toBe(200);
    await using elsewhere = await browser.newContext();
    const other = await elsewhere.newPage();
    await other.goto(link);
    await expect(other.getByRole("alert")).toContainText("The worker does not take this code");
  });
});

test("a token that is created works, is shown once, and is nowhere in the page afterwards", async ({
  signedIn: page,
  agent,
  troubles,
}) => {
  await openSection(page, agent, "tokens", "Tokens");
  await page.getByRole("button", { name: "Create a token" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("nightly");
  await page.getByRole("radio", { name: "Read", exact: true }).check();
  await page.getByRole("combobox", { name: "Good for" }).selectOption("7 days");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  const panel = page.getByRole("dialog", { name: "The token 'nightly'" });
  const token = await panel.locator("[data-secret]").innerText();
  expect(token).toMatch(/^wst_[\w-]{43}$/);
  await passes(page);
  const bearer = createAgentClient({ url: agent.url, token: () => token });
  expect(await bearer.auth.whoami()).toMatchObject({ scope: "read" });
  // A press beside it loses nothing.
  await page.mouse.click(5, 400);
  await expect(panel).toBeVisible();
  await panel.getByRole("button", { name: "Done" }).click();
  await expect(panel).toBeHidden();

  const left = await page.evaluate(async () => {
    const databases = (await indexedDB.databases()).map(({ name }) => name);
    const stored = [localStorage, sessionStorage].map((storage) => JSON.stringify(Object.entries(storage)));
    const typed = [...document.querySelectorAll("input, textarea")].map((field) => (field as HTMLInputElement).value);
    const kept = [document.documentElement.outerHTML, location.href, JSON.stringify(history.state), document.cookie];
    return [...databases, ...stored, ...typed, ...kept].join("\n");
  });
  expect(left).toContain("nightly");
  expect(left).not.toContain(token.slice("wst_".length));

  await page.getByRole("button", { name: "Revoke nightly" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("button", { name: "Revoke nightly" })).toBeHidden();
  await expect(bearer.info()).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  expect(troubles.errors).toEqual([]);
});

test("a setting is found, changed and taken back, and what does not fit is said below it", async ({
  signedIn: page,
  agent,
}) => {
  const setting = async (key: string) =>
    (await agent.client.config.settings.list()).find((each) => each.key === key) ?? { value: undefined };
  await openSection(page, agent, "worker", "Worker settings");
  const search = page.getByRole("searchbox", { name: "Find among these settings" });
  await search.fill("tasks one workspace");
  const field = page.getByRole("textbox", { name: "tasks.perWorkspace" });
  await field.fill("0");
  await field.press("Enter");
  await expect(page.getByRole("alert")).toContainText("'tasks.perWorkspace'");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveValue("0");
  await field.fill("5");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("From config.json. The default is 3.")).toBeVisible();
  expect(await setting("tasks.perWorkspace")).toMatchObject({ value: 5, source: "file" });
  await page.getByRole("button", { name: "Back to the default of tasks.perWorkspace" }).click();
  await expect(field).toHaveValue("3");
  expect(await setting("tasks.perWorkspace")).toMatchObject({ value: 3, source: "default" });

  // What another sets meanwhile is shown, and not taken back by what stood here before; what is typed here stays through a look elsewhere.
  await search.fill("tasks.");
  await expect(field).toHaveValue("3");
  const other = page.getByRole("textbox", { name: "tasks.global" });
  await agent.client.config.settings.set({ key: "tasks.perWorkspace", value: 7 });
  await other.fill("31");
  await other.press("Enter");
  await expect(field).toHaveValue("7");
  await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
  await other.fill("30");
  await page.getByRole("link", { name: /^Credentials/ }).click();
  await page.getByRole("link", { name: /^Worker settings/ }).click();
  await expect(other).toHaveValue("30");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(other).toHaveValue("31");
  for (const key of ["tasks.global", "tasks.perWorkspace"]) await agent.client.config.settings.unset({ key });

  await search.fill("hub.grant");
  await page.getByRole("combobox", { name: "hub.grant" }).selectOption("read");
  await expect(page.getByText("ws agent restart")).toBeVisible();
  await page.getByRole("button", { name: "Back to the default of hub.grant" }).click();
  await expect(page.getByText("This is the default.")).toBeVisible();
});

test("rules of a repository are set, shown and taken back", async ({ signedIn: page, agent }) => {
  await openSection(page, agent, "policy", "Policy");
  await page.getByRole("button", { name: "Add rules" }).click();
  await page.getByRole("textbox", { name: "Repository" }).fill("https://git.example.com/acme/shop.git");
  await page.getByRole("switch", { name: "Read only" }).check();
  await page.getByRole("textbox", { name: "Hidden paths" }).fill("internal/**, *.pem");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "git.example.com/acme/shop" })).toBeVisible();
  const rules = async () => (await agent.client.policy.repositories.list()).map(({ rules: each }) => each);
  expect(await rules()).toEqual([{ readOnly: true, hiddenPaths: ["internal/**", "*.pem"] }]);
  await page.getByRole("button", { name: "Change the rules of git.example.com/acme/shop" }).click();
  await page.getByRole("switch", { name: "Read only" }).uncheck();
  await page.getByRole("textbox", { name: "Hidden paths" }).fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("No repository has rules")).toBeVisible();
});

test("a worker is expected by its token, which is shown once, renamed and removed", async ({
  signedIn: page,
  agent,
}) => {
  await openSection(page, agent, "workers", "Workers");
  await page.getByRole("button", { name: "Add a worker" }).click();
  const field = page.getByRole("textbox", { name: "Name" });
  await field.fill("Desk 1");
  await expect(page.getByText("Use 1 to 63 lower-case letters")).toBeVisible();
  await field.fill("desk");
  await field.press("Enter");
  const secret = await page.locator("[data-secret]").innerText();
  expect(secret).toMatch(/^wst_/);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText("Not there yet")).toBeVisible();
  expect(await page.content()).not.toContain(secret.slice("wst_".length));
  await page.getByRole("button", { name: "Rename desk" }).click();
  await page.getByRole("textbox", { name: "New name" }).fill("bench");
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  await page.getByRole("button", { name: "Remove bench" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("No worker is behind this one")).toBeVisible();
  expect(await agent.client.workers.list()).toEqual([]);
});

test("the audit log is filtered by what stands in the address, and the worker checks itself when it is asked to", async ({
  signedIn: page,
  agent,
}) => {
  const made = await agent.client.tokens.create({ name: "audited", scope: "read" });
  await agent.client.tokens.revoke({ token: made.id });
  await page.goto(`${agent.url}/settings/audit?action=tokens&since=hour`);
  const entries = page.getByRole("list", { name: "Entries" }).getByRole("listitem");
  await expect(entries.filter({ hasText: "tokens.create" }).first()).toBeVisible();
  await page.getByRole("textbox", { name: "What", exact: true }).fill("tokens.revoke");
  await expect(page).toHaveURL(/action=tokens\.revoke/);
  await expect(entries.filter({ hasText: "tokens.create" })).toHaveCount(0);
  await page.getByRole("textbox", { name: "Who" }).fill("nobody of that name");
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(page).toHaveURL(`${agent.url}/settings/audit`);

  await openSection(page, agent, "about", "About and diagnostics");
  await page.getByRole("button", { name: "Check the worker" }).click();
  await expect(page.getByRole("list", { name: "Checks" }).getByRole("listitem").first()).toBeVisible({
    timeout: 60_000,
  });
  await passes(page);
});

test("what is told to somebody who is away is chosen in this browser, once it may tell anything", async ({
  signedIn: page,
  context,
  agent,
}) => {
  await openSection(page, agent, "notifications", "Notifications");
  const byPage = page.getByRole("group", { name: "By a page that is open" });
  const finished = byPage.getByRole("switch", { name: "A task is done" });
  await expect(finished).toBeDisabled();
  await context.grantPermissions(["notifications"], { origin: agent.url });
  await page.reload();
  await finished.uncheck();
  await page.reload();
  await expect(finished).not.toBeChecked();
  await expect(byPage.getByRole("switch", { name: "A task failed" })).toBeChecked();
  await page.getByRole("button", { name: "Show one now" }).click();
  await expect(page.getByText(/^It was given to the system|^This browser does not show/)).toBeVisible();
});

const SECTIONS = {
  policy: "Policy",
  devices: "Devices",
  tokens: "Tokens",
  workers: "Workers",
  worker: "Worker settings",
  audit: "Audit log",
  about: "About and diagnostics",
  notifications: "Notifications",
  appearance: "Appearance",
};

onEveryPlace("sections of the settings fit and can be used by everybody", async (page, agent) => {
  test.slow();
  for (const [id, title] of Object.entries(SECTIONS)) {
    await openSection(page, agent, id, title);
    await expect(page.getByText("Loading…")).toHaveCount(0);
    await fits(page);
    // Held sideways it is the same page as upright.
    if ((page.viewportSize()?.height ?? 0) > 400) await passes(page);
  }
});
