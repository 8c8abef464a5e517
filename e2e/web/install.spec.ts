import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { passes } from "./axe.ts";
import { expect, test } from "./fixtures.ts";

/** The row of Settings, Appearance that is about it. */
const row = (page: Page) => page.getByText(/^Install as an app$|^Installed$/).locator("..");

test("the browser asks nothing by itself; its own question is asked at a press, in the menu, the palette or the settings", async ({
  agent,
  playwright,
  launchOptions,
}) => {
  // No browser offers it in a window whose profile does not last.
  const directory = await mkdtemp(join(tmpdir(), "ws-installed-"));
  const context = await playwright.chromium.launchPersistentContext(directory, {
    ...launchOptions,
    serviceWorkers: "allow",
  });
  try {
    const page = await context.newPage();
    // The offer is the browser's own; what it asks then would take the focus from the page.
    await page.addInitScript(() => {
      const { prototype } = (window as unknown as { BeforeInstallPromptEvent: { prototype: object } })
        .BeforeInstallPromptEvent;
      Object.assign(window, { asked: 0 });
      Object.assign(prototype, { prompt: async () => ((window as unknown as { asked: number }).asked += 1) });
    });
    await page.goto((await agent.client.auth.link()).url);
    await page.getByRole("heading", { name: "Workspaces", level: 1 }).waitFor();
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.goto(`${agent.url}/settings/appearance`);
    const button = row(page).locator("..").getByRole("button", { name: "Install app" });
    await expect(button).toBeVisible();
    await passes(page);
    // What a page does beside its screen begins with the first sign of somebody.
    const looks = page.waitForRequest(/\/rpc\/notifications\/look$/);
    await page.mouse.move(200, 200);
    await looks;
    await page.keyboard.press("ControlOrMeta+k");
    await page.getByRole("combobox", { name: /command/i }).fill("install");
    await expect(page.getByRole("option", { name: /^Install app/ })).toBeVisible();
    await page.keyboard.press("Escape");
    const asked = () => page.evaluate(() => (window as unknown as { asked: number }).asked);
    expect(await asked()).toBe(0);
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("menuitem", { name: "Install app" }).click();
    expect(await asked()).toBe(1);
    // An offer is good for one question.
    await expect(button).toHaveCount(0);
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
    await expect(page.getByRole("menuitem", { name: "Install app" })).toHaveCount(0);
  } finally {
    await context.close();
    await rm(directory, { recursive: true, force: true });
  }
});

test("where the browser offers nothing it is said how, and the app itself says that it is one", async ({
  signedIn: page,
  agent,
}) => {
  await page.goto(`${agent.url}/settings/appearance`);
  await expect(row(page)).toContainText("its own menu has an entry");
  await page.addInitScript(() => Object.defineProperty(navigator, "standalone", { configurable: true, value: false }));
  await page.reload();
  await expect(row(page)).toContainText("Share, then Add to Home Screen");
  // What was put on the home screen says so.
  await page.addInitScript(() => Object.defineProperty(navigator, "standalone", { value: true }));
  await page.reload();
  await expect(row(page)).toContainText("This is the app");
});
