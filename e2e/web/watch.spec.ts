import { passes } from "./axe.ts";
import { expect, newName, readTerminalsAsText, test } from "./fixtures.ts";
import { terminalOf } from "./terminal.ts";

for (const [device, viewport] of [
  ["a desktop", { width: 1200, height: 800 }],
  ["a phone", { width: 375, height: 740 }],
] as const) {
  test(`a terminal is watched from a link on ${device}: all of it is seen, and nothing is typed`, async ({
    signedIn: page,
    agent,
    browser,
  }) => {
    const name = newName("shared");
    await agent.client.workspaces.create({ name });
    await page.goto(`${agent.url}/w/${name}`);
    const mine = terminalOf(page);
    await mine.attached();
    const { url, id } = await agent.client.terminals.share({ name, terminal: "main" });

    const context = await browser.newContext({ viewport });
    await readTerminalsAsText(context);
    const guest = await context.newPage();
    await guest.goto(url);
    const seen = terminalOf(guest);
    await seen.attached();
    expect(guest.url()).toBe(`${agent.url}/watch/${name}/main`);
    await expect(guest.getByText("You are watching.")).toBeVisible();
    await mine.run("printf '%s\\n' sho''wn");
    await seen.shows("shown");
    await seen.state.locator("textarea").first().focus();
    await guest.keyboard.type("echo in''truder");
    await guest.keyboard.press("Enter");
    await mine.run("echo la''ter");
    await seen.shows("later");
    expect(await mine.text()).not.toContain("intruder");

    const screen = await guest.locator(".xterm-screen").boundingBox();
    expect((screen?.x ?? 0) + (screen?.width ?? 0)).toBeLessThanOrEqual(viewport.width);
    expect((screen?.y ?? 0) + (screen?.height ?? 0)).toBeLessThanOrEqual(viewport.height);
    await passes(guest);
    await guest.emulateMedia({ colorScheme: "dark" });
    await passes(guest);

    await guest.reload();
    await seen.attached();
    await agent.client.tokens.revoke({ token: id });
    await expect(seen.state).toHaveAttribute("data-terminal-state", "refused");
    await expect(mine.state).toHaveAttribute("data-terminal-state", "attached");
    await context.close();
  });
}

for (const [device, viewport] of [
  ["a desktop", { width: 1280, height: 800 }],
  ["a phone", { width: 390, height: 844 }],
] as const) {
  test(`a link is made, copied, listed and revoked on ${device}, with the keyboard`, async ({
    signedIn: page,
    agent,
  }) => {
    const name = newName("links");
    await agent.client.workspaces.create({ name });
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.setViewportSize(viewport);
    await page.goto(`${agent.url}/w/${name}`);
    await terminalOf(page).attached();
    await page.getByRole("button", { name: "Actions of main" }).press("Enter");
    await page.getByRole("menuitem", { name: "Share…" }).press("Enter");
    const dialog = page.getByRole("dialog", { name: "Share 'main'" });
    await expect(dialog.getByText("Nobody has one.")).toBeVisible();
    await dialog.getByRole("combobox", { name: "Good for" }).selectOption("8 hours");
    await dialog.getByRole("button", { name: "Make a link" }).press("Enter");
    await dialog.getByRole("button", { name: "Copy" }).press("Enter");
    const url = await page.evaluate(() => navigator.clipboard.readText());
    expect(url).toMatch(new RegExp(`^${agent.url}/watch/${name}/main#token=wst_`));
    const [link] = await agent.client.terminals.links({ name });
    expect(Date.parse(link?.expires ?? "") - Date.now()).toBeGreaterThan(7.9 * 3_600_000);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await passes(page);
    }
    await dialog.getByRole("button", { name: /^Revoke/ }).press("Enter");
    await expect(dialog.getByText("Nobody has one.")).toBeVisible();
    expect(await agent.client.terminals.links({ name })).toEqual([]);
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
  });
}

test("a link without its end says so, and its reader is signed in to nothing", async ({ agent, page }) => {
  await page.goto(`${agent.url}/watch/demo/main`);
  await expect(page.getByText("This link is not whole")).toBeVisible();
  expect(await page.evaluate(() => localStorage.getItem("ws.token"))).toBeNull();
});
