import { expect, newName, test } from "./fixtures.ts";
import { shellPid, terminalOf } from "./terminal.ts";
import { titled } from "./title.ts";

test("a workspace is created through the dialog from a real repository, and its terminal outlives page and agent", async ({
  signedIn: page,
  agent,
  git,
}) => {
  test.setTimeout(300_000);
  const name = newName("demo");
  const repository = await git.create(`team/${name}`, { files: { "GREETING.md": "Hello from the repository.\n" } });

  await test.step("the name follows the repository, the steps are shown, then its page opens", async () => {
    await page.keyboard.press("n");
    const dialog = page.getByRole("dialog", { name: "New workspace" });
    await dialog.getByLabel("Repository").fill(repository.url);
    await expect(dialog.getByLabel("Name")).toHaveValue(name);
    await dialog.getByRole("button", { name: "Create workspace" }).click();
    await expect(page.getByRole("list", { name: "Startup steps" })).toBeVisible();
    await page.waitForURL(`**/w/${name}*`, { timeout: 240_000 });
    await expect(page).toHaveTitle(titled(name));
  });

  const terminal = terminalOf(page);
  let pid = "";
  await test.step("the terminal starts in the repository", async () => {
    await terminal.attached();
    await terminal.run("cat GREETING.md");
    await terminal.shows("Hello from the repository.");
    pid = await shellPid(page, "first");
  });

  await test.step("a reload finds the same screen and the same shell", async () => {
    await page.reload();
    await terminal.attached();
    await terminal.shows("Hello from the repository.");
    await terminal.shows(`first=${pid}=`);
    expect(await shellPid(page, "reloaded")).toBe(pid);
  });

  await test.step("after a SIGKILL of the agent the page says so, comes back by itself, and nothing is doubled", async () => {
    await agent.kill();
    await expect(terminal.state).toHaveAttribute("data-terminal-state", "reconnecting");
    await expect(page.getByText("what you type now is not sent")).toBeVisible();
    await expect(page.getByRole("button", { name: "Reconnecting…" })).toBeVisible();
    await terminal.shows("Hello from the repository.");
    await agent.start();
    await terminal.attached();
    expect(await shellPid(page, "restarted")).toBe(pid);
    expect((await terminal.text()).match(/restarted=/g)).toHaveLength(1);
    expect((await terminal.text()).match(/Hello from the repository\./g)).toHaveLength(1);
  });
});

test("a repository that is not there is a failed workspace with its reason, and the form comes back with what was typed", async ({
  signedIn: page,
  agent,
  git,
}) => {
  const name = newName("missing");
  await page.goto(`${agent.url}/new`);
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Repository").fill(`${git.origin}/team/nothing-here.git`);
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Create workspace" }).click();
  await expect(dialog.getByText("repository_not_found")).toBeVisible({ timeout: 60_000 });
  await expect(dialog.getByText(/Repository not found/).first()).toBeVisible();
  await dialog.getByRole("button", { name: "Discard and change" }).click();
  await expect(dialog.getByLabel("Name")).toHaveValue(name);
  await expect.poll(async () => (await agent.client.workspaces.list()).some((one) => one.name === name)).toBe(false);
});

test("a taken name and a bad URL are refused in the form, with code, sentence and next step", async ({
  signedIn: page,
  agent,
}) => {
  const name = newName("taken");
  await agent.client.workspaces.create({ name });
  await page.goto(`${agent.url}/new`);
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Create workspace" }).click();
  await expect(dialog.getByRole("alert")).toContainText("name_taken");
  await dialog.getByLabel("Name").fill(newName("other"));
  await dialog.getByLabel("Repository").fill("ext::sh -c id");
  await dialog.getByRole("button", { name: "Try again" }).click();
  await expect(dialog.getByRole("alert")).toContainText("invalid_clone_url");
});

test("what cannot be had says why before it is asked for, and what was set is what the workspace has", async ({
  signedIn: page,
  agent,
}) => {
  const name = newName("advanced");
  await page.goto(`${agent.url}/new`);
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await dialog.getByText("Advanced").click();
  await expect(dialog.getByRole("switch", { name: "Docker inside" })).toBeDisabled();
  await expect(dialog.getByText("This worker allows it to no workspace.")).toBeVisible();
  await dialog.getByLabel("devcontainer.json").selectOption("strict");
  await dialog.getByRole("button", { name: "Create workspace" }).click();
  await expect(dialog.getByText("It needs a repository to clone.")).toBeVisible();
  await dialog.getByLabel("devcontainer.json").selectOption("off");
  await dialog.getByLabel("Processes").fill("500");
  await dialog.getByLabel("Stop when idle for").fill("30m");
  await dialog.getByRole("switch", { name: "Clean up by itself" }).click();
  await dialog.getByRole("radio", { name: "None" }).click();
  await dialog.getByRole("button", { name: "Create workspace" }).click();
  await page.waitForURL(`**/w/${name}*`, { timeout: 60_000 });
  expect(await agent.client.workspaces.get({ name })).toMatchObject({
    limits: { processes: 500 },
    idleSeconds: 1_800,
    autoCleanup: true,
    credentials: "none",
  });
});
