import { expect, newName, test } from "./fixtures.ts";
import { titled } from "./title.ts";

test("a link to /new only fills in the form; nothing is created (row 6, Coder GHSA-m3cr-vc2j-pm27)", async ({
  signedIn: page,
  agent,
}) => {
  const name = newName("lured");
  const calls: string[] = [];
  page.on("request", (request) => {
    if (/\/rpc\/workspaces\/(?:create|start)/.test(request.url())) calls.push(request.url());
  });
  await page.clock.install();
  const clone = encodeURIComponent("https://evil.test/x.git");
  await page.goto(`${agent.url}/new?clone=${clone}&name=${name}&branch=b&auto=1&submit=true&env=A%3DB`);
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Repository")).toHaveValue("https://evil.test/x.git");
  await expect(dialog.getByLabel("Name")).toHaveValue(name);
  await expect(dialog.getByText("These values came from a link")).toBeVisible();
  await expect(dialog.getByLabel(/Name of variable/)).toHaveCount(0);
  await page.clock.runFor(10_000);
  expect(calls).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  expect((await agent.client.workspaces.list()).some((workspace) => workspace.name === name)).toBe(false);
});

test("an unknown address and an unknown workspace are pages that say so", async ({ signedIn: page, agent }) => {
  await page.goto(`${agent.url}/no/such/page`);
  await expect(page).toHaveTitle(titled("Not found"));
  await page.goto(`${agent.url}/w/no-such-workspace`);
  await expect(page.getByText("There is no workspace named “no-such-workspace”")).toBeVisible();
  await page.getByRole("link", { name: "All workspaces" }).click();
  await expect(page.getByRole("heading", { name: "Workspaces", level: 1 })).toBeVisible();
});
