import type { Page } from "@playwright/test";
import { passes } from "./axe.ts";
import { expect, newName, test } from "./fixtures.ts";
import { terminalOf } from "./terminal.ts";

const DELAY_MS = 400;

/** Each message of a terminal takes so long, each way and in order. */
async function slowDown(page: Page): Promise<void> {
  await page.routeWebSocket(/\/terminal\//, (client) => {
    const server = client.connectToServer();
    client.onMessage((message) => void setTimeout(() => server.send(message), DELAY_MS));
    server.onMessage((message) => void setTimeout(() => client.send(message), DELAY_MS));
  });
}

/** All that was ever drawn over the screen. */
async function watchDrawn(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    const layer = document.querySelector("[data-predicted]");
    if (layer === null) throw new Error("The terminal has no layer.");
    const all: string[] = [];
    Object.assign(window, { drawn: all });
    new MutationObserver(() => all.push(layer.textContent ?? "")).observe(layer, { childList: true });
  });
  return () => page.evaluate(() => (window as unknown as { drawn: string[] }).drawn.join("|"));
}

for (const [device, viewport] of [
  ["a desktop", { width: 1200, height: 700 }],
  ["a phone", { width: 375, height: 700 }],
] as const) {
  test(`what is typed over a slow link on ${device} is there at once, and a password never`, async ({
    signedIn: page,
    agent,
  }) => {
    const name = newName("slow");
    await agent.client.workspaces.create({ name });
    await page.setViewportSize(viewport);
    await slowDown(page);
    await page.goto(`${agent.url}/w/${name}`);
    const terminal = terminalOf(page);
    await terminal.attached();
    await terminal.shows("$");
    await terminal.run("PS1='% '");
    await terminal.shows(/^% *$/m);
    const drawn = await watchDrawn(page);
    const layer = page.locator("[data-predicted]");

    await page.keyboard.type("e");
    await terminal.shows("% e");
    await page.keyboard.type("cho hi");
    // A cell that is empty already needs nothing over it.
    await expect(layer).toHaveText("chohi");
    expect(await terminal.text()).not.toContain("cho hi");
    await passes(page);
    await terminal.shows("% echo hi");
    await expect(layer).toHaveText("");

    await page.keyboard.press("Enter");
    await terminal.shows(/^hi/m);
    await terminal.run("read -s -p 'Password: ' secret; echo ${#secret}");
    await terminal.shows(/^Password: *$/m);
    const before = await drawn();
    await page.keyboard.type("XYZXYZ", { delay: 60 });
    await page.keyboard.press("Enter");
    await terminal.shows("Password: 6");
    expect((await drawn()).slice(before.length)).not.toMatch(/[XYZ]/);
  });
}
