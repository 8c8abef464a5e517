import type { Page } from "@playwright/test";
import { createAgentClient } from "@ws/rpc-contract/client";
import { readAgentLog } from "../support/agent-process.ts";
import { expect, newName, test } from "./fixtures.ts";
import { terminalOf } from "./terminal.ts";

test("a one-time link signs in once; its code leaves address, history and log", async ({ page, browser, agent }) => {
  const { url } = await agent.client.auth.link();
  const code = new URL(url).hash.slice("#code=".length);
  await page.goto(url);
  await expect(page.getByRole("heading", { name: "Workspaces", level: 1 })).toBeVisible();
  expect(page.url()).toBe(`${agent.url}/`);
  expect(await page.evaluate(() => JSON.stringify(history.state) + location.href)).not.toContain(code);

  await using stranger = await browser.newContext();
  const second = await stranger.newPage();
  const refused = second.waitForResponse((response) => response.url().endsWith("/rpc/auth/exchange"));
  await second.goto(url);
  expect((await refused).status()).toBe(401);
  await expect(second.getByRole("alert")).toContainText("used already");
  expect(second.url()).not.toContain(code);
  expect(await readAgentLog(agent)).not.toContain(code);
});

test("a pairing link makes the browser one of the worker's devices, once; its code leaves the address", async ({
  page,
  browser,
  agent,
}) => {
  const { link, code } = await agent.client.pairing.open({ scope: "write" });
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Workspaces", level: 1 })).toBeVisible();
  expect(page.url()).toBe(`${agent.url}/`);
  const device = (await agent.client.devices.list()).find(({ scope }) => scope === "write");
  expect(device).toMatchObject({ name: "chrome-linux", kind: "browser", platform: "Chrome on Linux" });

  await using stranger = await browser.newContext();
  const second = await stranger.newPage();
  await second.goto(agent.url);
  await second.getByLabel(/paste it/).fill(code);
  await second.getByRole("button", { name: "Sign in" }).click();
  await expect(second.getByRole("alert")).toContainText("The worker does not take this code");
  await agent.client.devices.revoke({ device: device?.id ?? "" });
  await expect(page.getByText("This browser's sign-in was revoked.")).toBeVisible();
});

test("a link, its bare code and a token can be pasted", async ({ page, agent }) => {
  const field = page.getByLabel(/paste it/);
  const heading = page.getByRole("heading", { name: "Workspaces", level: 1 });
  const { url } = await agent.client.auth.link();
  const { url: other } = await agent.client.auth.link();
  for (const pasted of [url, new URL(other).hash.slice("#code=".length), agent.token]) {
    await page.goto(agent.url);
    await expect(page).toHaveTitle("Sign in · Workspace");
    await field.fill(pasted);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(heading).toBeVisible();
    await signOut(page);
    await expect(field).toBeVisible();
  }
});

test("signing out ends this browser's token at the agent, in every tab", async ({ signedIn: page, context, agent }) => {
  const token = await page.evaluate(() => localStorage.getItem("ws.token") ?? "");
  const bearer = createAgentClient({ url: agent.url, token: () => token });
  expect((await bearer.info()).hostname).not.toBe("");
  const other = await context.newPage();
  await other.goto(agent.url);
  await other.getByRole("heading", { name: "Workspaces", level: 1 }).waitFor();
  const told = page.waitForResponse((response) => response.url().includes("/rpc/devices/revoke"));
  await signOut(page);
  expect((await told).status()).toBe(200);
  await expect(bearer.info()).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  await expect(other).toHaveTitle("Sign in · Workspace");
  expect(await page.evaluate(() => Object.values(localStorage).join())).not.toContain(token);
});

test("a second link in a browser ends the token of the first, and its other tabs go on with the new one", async ({
  signedIn: page,
  context,
  agent,
}) => {
  const name = newName("second-link");
  await agent.client.workspaces.create({ name });
  await page.goto(`${agent.url}/w/${name}`);
  await terminalOf(page).attached();
  await page.locator("header").evaluate((header) => header.setAttribute("data-before", ""));
  const token = await page.evaluate(() => localStorage.getItem("ws.token") ?? "");
  const bearer = createAgentClient({ url: agent.url, token: () => token });
  expect((await bearer.info()).hostname).not.toBe("");

  const other = await context.newPage();
  await other.goto((await agent.client.auth.link()).url);
  await other.getByRole("heading", { name: "Workspaces", level: 1 }).waitFor();
  const answer = () =>
    bearer.info().then(
      () => "good",
      ({ code }: { code?: string }) => code,
    );
  await expect.poll(answer).toBe("UNAUTHORIZED");

  await expect(page.locator("header[data-before]")).toHaveCount(0);
  await terminalOf(page).attached();
  const renamed = newName("renamed");
  await agent.client.workspaces.rename({ name, newName: renamed });
  await expect(page).toHaveURL(new RegExp(`/w/${renamed}`));
});

test("a browser that cannot reach the agent signs out all the same, and says what is left", async ({
  signedIn: page,
}) => {
  const id = await page.evaluate(() => localStorage.getItem("ws.token.id"));
  const loaded = () =>
    page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name)).then((names) => names.join());
  // What it takes to sign out is loaded with the first sign that somebody is there.
  await page.mouse.move(200, 200);
  for (const part of [/settings-items/, /dropdown-menu/]) await expect.poll(loaded).toMatch(part);
  await page.context().setOffline(true);
  await signOut(page);
  await expect(page.getByRole("alert")).toContainText(`ws devices revoke ${id}`);
  expect(await page.evaluate(() => localStorage.getItem("ws.token"))).toBeNull();
});

test("a link that is pasted into the address of an open page is taken too", async ({ page, agent }) => {
  await page.goto(agent.url);
  await expect(page).toHaveTitle("Sign in · Workspace");
  const { url } = await agent.client.auth.link();
  await page.evaluate((hash) => (location.hash = hash), new URL(url).hash);
  await expect(page.getByRole("heading", { name: "Workspaces", level: 1 })).toBeVisible();
  expect(new URL(page.url()).hash).toBe("");
});

test("a revoked token returns every page to sign-in with the reason, and signing in returns to the page", async ({
  page,
  agent,
}) => {
  const { id, token } = await agent.client.tokens.create({ name: "browser-test", scope: "admin" });
  await page.goto(agent.url);
  await page.getByLabel(/paste it/).fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Workspaces", level: 1 }).waitFor();
  await page.goto(`${agent.url}/w/nothing`);
  await page.getByText("There is no workspace named “nothing”").waitFor();
  // Without a touch: what the page has open ends with its token.
  await agent.client.tokens.revoke({ token: id });
  await expect(page.getByRole("alert")).toContainText("was revoked");
  await page.getByLabel(/paste it/).fill(agent.token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("There is no workspace named “nothing”")).toBeVisible();
});

test("every page forbids being framed, and scripts and styles of others (rows 7 and 8)", async ({ page, agent }) => {
  const nonces = new Set<string>();
  for (const path of ["/", "/w/demo", "/new"]) {
    const policy = (await page.goto(agent.url + path))?.headers()["content-security-policy"] ?? "";
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toMatch(/script-src 'self'(?:;|$)/);
    expect(policy).not.toContain("unsafe-");
    nonces.add(/style-src 'self' 'nonce-([\w-]{22})'/.exec(policy)?.[1] ?? "");
  }
  // One that could be guessed, or read from another answer, would let in what is to stay out.
  expect(nonces.size).toBe(3);
});

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
}
