import { passes } from "./axe.ts";
import { fits } from "./every-place.ts";
import { expect, newName, test } from "./fixtures.ts";

test("a workspace's overview has what it uses as it uses it, how it came up, also again, and how it is reached", async ({
  signedIn: page,
  agent,
}) => {
  test.setTimeout(240_000);
  const name = newName("overview");
  await agent.client.workspaces.create({ name, limits: { memoryBytes: 1024 ** 3, cpus: 1 } });
  await page.goto(`${agent.url}/w/${name}/details`);
  await expect(page.getByRole("tab", { name: "Overview" })).toHaveAttribute("aria-selected", "true");

  const chart = (measure: string) => page.getByRole("img", { name: `${measure} over the last hour` });
  await expect(chart("Memory")).toHaveAccessibleName(/limit 1 GiB$/);
  await expect(chart("CPU").locator("canvas")).toBeVisible();
  // What is told while one looks is drawn: nothing is loaded again.
  const sleepers = "for n in $(seq 60); do (sleep 240 > /dev/null 2>&1 &); done";
  expect(await agent.client.workspaces.exec({ name, command: sleepers })).toMatchObject({ exitCode: 0 });
  await expect(chart("Processes")).toHaveAccessibleName(/at most [6-9]\d,?/, { timeout: 20_000 });

  const processes = page.getByRole("region", { name: "Processes" });
  const box = await chart("Processes").boundingBox();
  await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) - 20, (box?.y ?? 0) + 60);
  await expect(processes).toContainText(/\d:\d\d/);
  await page.mouse.move(0, 0);

  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await passes(page);
  }
  await page.getByRole("radio", { name: "Last day" }).click();
  await expect(page.getByRole("img", { name: "CPU over the last day" })).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);

  await expect(page.getByRole("region", { name: "Startup" })).toContainText("Made and started");
  await expect(page.getByRole("list", { name: "Startup steps" })).toContainText("Create the workspace");
  await expect(page.getByRole("region", { name: "How to reach it" })).toContainText(`ws shell ${name}`);
  await agent.client.workspaces.stop({ name });
  await expect(processes).toContainText("not running");
  await agent.client.workspaces.start({ name });
  await expect(page.getByRole("region", { name: "Startup" })).toContainText("Started again");
});

test("the overview has the task that goes on, and says so where what was used cannot be loaded", async ({
  signedIn: page,
  agent,
}) => {
  const name = newName("overview");
  await agent.client.workspaces.create({ name });
  await page.route(/workspaces\/usageHistory/, (route) => route.fulfill({ status: 500, body: "{}" }));
  await page.goto(`${agent.url}/w/${name}/overview`);
  const task = page.getByRole("region", { name: "Task", exact: true });
  await expect(task).toContainText("Nothing is being done in it.");
  await agent.client.tasks.create({ name, title: "wait", spec: { kind: "command", command: "sleep 60" } });
  await expect(task).toContainText("Running");
  await expect(page.getByText("What it used could not be loaded")).toBeVisible({ timeout: 20_000 });
  await page.unroute(/workspaces\/usageHistory/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("img", { name: /^CPU over/ })).toBeVisible();
});
