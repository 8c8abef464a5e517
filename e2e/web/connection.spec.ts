import { passes } from "./axe.ts";
import { fits } from "./every-place.ts";
import { expect, newName, test } from "./fixtures.ts";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import type { Page } from "@playwright/test";

/** Of its own: it is killed and started again. */
async function open(page: Page, agent: AgentProcess): Promise<void> {
  await page.goto((await agent.client.auth.link()).url);
  await page.getByRole("heading", { name: "Workspaces", level: 1 }).waitFor();
}

const status = (page: Page) => page.getByRole("banner").getByRole("status");

test("the page says when the worker was last heard, why it is away and when it is tried again, and comes back by itself", async ({
  page,
}) => {
  await using agent = await startAgentProcess();
  const name = newName("kept");
  await agent.client.workspaces.create({ name, runtime: "local" });
  await open(page, agent);
  await expect(status(page)).toHaveText("Live");
  await expect(page.getByRole("banner")).toContainText(/Live· (just now|\d s ago)/);

  await agent.kill();
  await expect(status(page)).toHaveText("Reconnecting…");
  await expect(page.getByRole("alert").filter({ hasText: "The worker does not answer." })).toBeVisible();
  await expect(page.getByText(/Trying again (in \d+ s|now…).*as it was .* ago/)).toBeVisible();
  // What was last known stays.
  await expect(page.getByRole("link", { name })).toBeVisible();
  await passes(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await passes(page);
  await fits(page);

  await agent.start();
  await page
    .getByRole("button", { name: "Try now" })
    .click({ timeout: 3_000 })
    .catch(() => undefined);
  await expect(status(page)).toHaveText("Live");
  await expect(page.getByText("The worker does not answer.")).toBeHidden();
});

test("a sign-in that is revoked ends the page's work with its reason and what to do", async ({ page }) => {
  await using agent = await startAgentProcess();
  await open(page, agent);
  await expect(status(page)).toHaveText("Live");
  for (const { id } of await agent.client.devices.list()) await agent.client.devices.revoke({ device: id });
  await expect(page.getByText("This browser's sign-in was revoked.")).toBeVisible();
  await expect(page.getByText(/ws open/).first()).toBeVisible();
});
