import { expect, newName, test } from "./fixtures.ts";

test("a workspace's limits, ends, variables and policy are changed while it runs, and a value is never shown again", async ({
  signedIn: page,
  agent,
  troubles,
}) => {
  const name = newName("settled");
  await agent.client.workspaces.create({ name, ttlSeconds: 3_600 });
  await page.goto(`${agent.url}/w/${name}/settings`);
  const now = () => agent.client.workspaces.get({ name });
  const dialog = page.getByRole("dialog");
  const save = dialog.getByRole("button", { name: "Save" });

  await test.step("limits hold at once; what is none is said at its field, and what it uses already is not taken", async () => {
    await page.getByRole("button", { name: "Change limits" }).click();
    await dialog.getByLabel("Memory").fill("much");
    await save.click();
    await expect(dialog.getByLabel("Memory")).toHaveAttribute("aria-invalid", "true");
    await dialog.getByLabel("CPUs").fill("100000");
    await dialog.getByLabel("Memory").fill("");
    await save.click();
    await expect(dialog.getByRole("alert")).toContainText("A workspace cannot have 100000 CPUs");
    await dialog.getByLabel("CPUs").fill("0.5");
    await dialog.getByLabel("Memory").fill("700M");
    await save.click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText("700 MiB")).toBeVisible();
    expect((await now()).limits).toEqual({ cpus: 0.5, memoryBytes: 700 * 2 ** 20 });
  });

  await test.step("what another changes while the form is open is not taken back by it", async () => {
    await page.getByRole("button", { name: "Change limits" }).click();
    await agent.client.workspaces.update({ name, limits: { memoryBytes: 800 * 2 ** 20 } });
    await expect(page.getByText("800 MiB")).toBeAttached();
    await dialog.getByLabel("CPUs").fill("0.25");
    await save.click();
    await expect(dialog).toBeHidden();
    expect((await now()).limits).toEqual({ cpus: 0.25, memoryBytes: 800 * 2 ** 20 });
  });

  await test.step("a TTL goes, and the clean-up is switched on", async () => {
    await page.getByRole("button", { name: "Change when it ends" }).click();
    await dialog.getByLabel("Stops after").fill("");
    await dialog.getByLabel("Stops when idle for").fill("30m");
    await save.click();
    await expect(dialog).toBeHidden();
    await page.getByRole("switch", { name: "Clean up by itself" }).click();
    await expect.poll(async () => (await now()).autoCleanup).toBe(true);
    expect(await now()).toMatchObject({ idleSeconds: 1_800 });
    expect((await now()).ttlSeconds).toBeUndefined();
  });

  await test.step("a variable reaches what is begun from now on, and only its name comes back", async () => {
    const value = `held-${crypto.randomUUID()}`;
    await page.getByRole("button", { name: "Add variable" }).click();
    await dialog.getByLabel("Name").fill("TOLD");
    const field = dialog.getByLabel("Value");
    await field.fill(value);
    await expect(field).toHaveCSS("-webkit-text-security", "disc");
    await dialog.getByRole("button", { name: "Show" }).click();
    await expect(field).toHaveCSS("-webkit-text-security", "none");
    // A stray press does nothing to what was typed, and Escape asks.
    await page.mouse.click(5, 5);
    await page.keyboard.press("Escape");
    await expect(dialog.getByRole("alert")).toContainText("Give up what you typed?");
    await dialog.getByRole("button", { name: "Keep it open" }).click();
    await expect(field).toHaveValue(value);
    await save.click();
    await expect(page.getByText("those that run keep what they had")).toBeVisible();
    await expect(page.getByRole("button", { name: "Replace TOLD" })).toBeVisible();
    const shown = await agent.client.workspaces.exec({ name, command: 'printf %s "${#TOLD}"' });
    expect(shown.stdout).toBe(String(value.length));
    expect(JSON.stringify(await now())).not.toContain(value);
    // One that is there is not replaced before that was said.
    await page.getByRole("button", { name: "Add variable" }).click();
    await dialog.getByLabel("Name").fill("TOLD");
    await field.fill("other");
    await save.click();
    await expect(dialog.getByText("whose value cannot be had back")).toBeVisible();
    expect((await agent.client.workspaces.exec({ name, command: 'printf %s "${#TOLD}"' })).stdout).toBe(shown.stdout);
    await dialog.getByRole("button", { name: "Replace TOLD" }).click();
    await expect(dialog).toBeHidden();
    expect((await agent.client.workspaces.exec({ name, command: 'printf %s "$TOLD"' })).stdout).toBe("other");
    await page.getByRole("button", { name: "Replace TOLD" }).click();
    await field.fill("third");
    await page.keyboard.press("Escape");
    await dialog.getByRole("button", { name: "Give it up" }).click();
    await expect(dialog).toBeHidden();
    await page.reload();
    await page.getByRole("button", { name: "Remove TOLD" }).click();
    expect(await page.content()).not.toContain(value);
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove variable" }).click();
    await expect(page.getByRole("button", { name: "Remove TOLD" })).toHaveCount(0);
    expect((await now()).variables).toBeUndefined();
  });

  await test.step("rules are set and taken back, and credentials narrowed", async () => {
    await page.getByRole("button", { name: "Change policy" }).click();
    await dialog.getByLabel("Pushes").click();
    await dialog.getByLabel("Seen paths").fill("src/**, docs");
    await save.click();
    await expect(dialog).toBeHidden();
    expect((await agent.client.policy.get({ name })).rules).toEqual({ push: false, allowedPaths: ["src/**", "docs"] });
    await page.getByRole("button", { name: "Change which credentials it may use" }).click();
    await dialog.getByRole("radio", { name: "None" }).click();
    await save.click();
    await expect(dialog).toBeHidden();
    expect((await now()).credentials).toBe("none");
  });
  expect(troubles.errors).toEqual([]);
});

test("a workspace's log is searched, narrowed to what it printed, held and downloaded", async ({
  signedIn: page,
  agent,
  troubles,
}) => {
  const name = newName("logged");
  await agent.client.workspaces.create({ name });
  const print = (script: string) =>
    agent.client.workspaces.exec({ name, timeout: 60_000, command: ["sh", "-c", `(${script}) >/proc/1/fd/1`] });
  await page.goto(`${agent.url}/w/${name}/logs`);
  const log = page.getByRole("log", { name: "Log lines" });
  await expect(log).toContainText("Connect: done");

  await test.step("of twenty thousand lines few are in the page, the last one in sight, and its colours are", async () => {
    await print(`i=0; while [ $i -lt 20000 ]; do i=$((i+1)); printf '\\033[32mline\\033[0m %s.\\n' $i; done`);
    await expect(log).toContainText("line 20000.");
    expect(await log.locator("p").count()).toBeLessThan(200);
    await expect(log.getByText("line", { exact: true }).last()).toHaveAttribute("style", /color/);
  });

  await test.step("what is searched is gone to and marked, from the end on", async () => {
    await page.getByRole("searchbox", { name: "Search the log" }).fill("LINE 7777.");
    await page.keyboard.press("Enter");
    await expect(log.locator("mark").first()).toBeInViewport();
    await expect(page.getByText("1 of 1")).toBeVisible();
    await expect(page.getByRole("button", { name: "Follow" })).toHaveAttribute("aria-pressed", "false");
    await page.getByRole("searchbox", { name: "Search the log" }).press("Escape");
  });

  await test.step("what comes while it is held is counted and shown after", async () => {
    await page.getByLabel("Which lines").selectOption("output");
    await page.getByRole("button", { name: "Follow" }).click();
    await page.getByRole("button", { name: "Pause" }).click();
    await print("echo after-the-pause");
    await expect(page.getByText("Paused · 1 new")).toBeVisible();
    await expect(log).not.toContainText("after-the-pause");
    await page.getByRole("button", { name: "Go on" }).click();
    await expect(log).toContainText("after-the-pause");
    await expect(log).not.toContainText("Connect: done");
  });

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download the log" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(`${name}.log`);
  expect(troubles.errors).toEqual([]);
});
