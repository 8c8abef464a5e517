import { readFile } from "node:fs/promises";
import { passes } from "./axe.ts";
import { fits, onEveryPlace } from "./every-place.ts";
import { expect, newName, test } from "./fixtures.ts";
import { queue, taskPlace, tasksOf } from "./tasks.ts";
import { titled } from "./title.ts";

test("a command is queued from the page, says what it says in its colours as it says it, and is cancelled", async ({
  signedIn: page,
  agent,
}) => {
  const name = await taskPlace(agent);
  await page.goto(`${agent.url}/w/${name}/tasks`);
  await page.getByRole("button", { name: "New task" }).click();
  await page.getByRole("button", { name: "Queue task" }).click();
  await expect(page.getByText("Say what is to be run.")).toBeVisible();
  const command = String.raw`printf '\033[32mgreen\033[0m plain\n'; while ! test -e go; do sleep 0.1; done; echo went on; sleep 600`;
  await page.getByRole("textbox", { name: "Command" }).fill(`# count\n${command}`);
  await page.getByRole("textbox", { name: "Command" }).press("ControlOrMeta+Enter");
  const { row, section, output, line } = tasksOf(page);
  await expect(line("# count")).toHaveAttribute("aria-expanded", "true");
  await expect(section("Running")).toContainText("# count");
  await expect(output("# count")).toContainText("green plain");
  expect(
    await output("# count")
      .getByText("green")
      .evaluate((at) => getComputedStyle(at).color),
  ).toBe("rgb(28, 114, 64)");
  await agent.client.files.write({ name, path: "go", content: "" });
  await expect(output("# count")).toContainText("went on");

  await row("# count").getByRole("button", { name: "Cancel" }).click();
  await expect(section("Finished")).toContainText("Cancelled");
  const [task] = await agent.client.tasks.list({ name });
  expect(task).toMatchObject({ status: "cancelled", title: "# count" });
});

test("what waits says its place and why, and moves up when those before it have ended", async ({
  signedIn: page,
  agent,
}) => {
  const name = await taskPlace(agent);
  const ids: string[] = [];
  for (const place of [1, 2, 3]) ids.push(await queue(agent, name, `busy ${place}`, "sleep 600"));
  await queue(agent, name, "first to wait", "echo hello");
  const after = await agent.client.tasks.create({
    name,
    title: "follows",
    dependsOn: [ids[0] ?? ""],
    spec: { kind: "command", command: "true" },
  });
  await queue(agent, name, "second to wait", "echo hello");
  await page.goto(`${agent.url}/w/${name}/tasks`);
  const { row, section } = tasksOf(page);
  await expect(row("first to wait")).toContainText("Next in the queue: 3 run here now.");
  await expect(row("second to wait")).toContainText("Number 2 in the queue");
  await expect(row("follows")).toContainText("Begins after “busy 1”.");
  await agent.client.tasks.cancel({ task: ids[0] ?? "" });
  await expect(section("Finished")).toContainText("second to wait");
  // What it was to follow was not completed.
  await expect.poll(async () => (await agent.client.tasks.get({ task: after.id })).status).toBe("cancelled");
  await expect(section("Finished")).toContainText("follows");
});

test("what failed is tried again as a new task, its output is a file, and a link opens it among all workspaces' tasks", async ({
  signedIn: page,
  agent,
}) => {
  const name = await taskPlace(agent);
  const title = newName("breaks");
  const id = await queue(agent, name, title, "echo to the end; exit 3");
  await expect.poll(async () => (await agent.client.tasks.get({ task: id })).status).toBe("failed");
  await page.goto(`${agent.url}/tasks?task=${id}`);
  const { row, output } = tasksOf(page);
  await expect(output(title)).toContainText("to the end");
  await expect(row(title)).toContainText("Exit code3");
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download the output" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe(`${id}.log`);
  expect(await readFile(await download.path(), "utf8")).toBe("to the end\n");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.poll(async () => (await agent.client.tasks.list({ name })).map(({ retryOf }) => retryOf)).toContain(id);
  await expect(page).not.toHaveURL(new RegExp(id));
  await expect(row(title)).toHaveCount(2);
});

test("hostile output is text: no link, no clipboard, no title, no page turned round, no line of a megabyte (row 8, OSC 8, OSC 52)", async ({
  signedIn: page,
  context,
  troubles,
  agent,
}) => {
  const name = await taskPlace(agent);
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: agent.url });
  await page.goto(`${agent.url}/w/${name}/tasks`);
  await page.evaluate(() => navigator.clipboard.writeText("mine"));
  const stolen = Buffer.from("stolen").toString("base64");
  const bad = "<img src=x onerror=alert(1)>";
  const id = await queue(
    agent,
    name,
    bad,
    [
      String.raw`printf '\033]52;c;${stolen}\007\033]0;taken\007\033]8;;javascript:alert(1)\033\\bad-link\033]8;;\033\\\n'`,
      `echo '<script>alert(2)</script>'`,
      String.raw`printf 'admin \342\200\256 gpj.exe\n'`,
      `head -c 1048576 /dev/zero | tr '\\0' x; echo; echo end`,
    ].join("; "),
  );
  await page.goto(`${agent.url}/w/${name}/tasks?task=${id}`);
  const { output, row } = tasksOf(page);
  await expect(output(bad)).toContainText("bad-link");
  await expect(output(bad)).toContainText("<script>alert(2)</script>");
  await expect(output(bad)).toContainText("admin U+202E gpj.exe");
  await expect(output(bad)).toContainText("more characters in this line");
  await expect(output(bad).getByText("end", { exact: true })).toBeVisible();
  await expect(output(bad).getByRole("link")).toHaveCount(0);
  expect((await output(bad).textContent())?.length).toBeLessThan(10_000);
  await expect(row(bad)).toContainText(bad);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("mine");
  expect(await page.title()).toMatch(titled(name));
  expect(troubles).toEqual({ dialogs: [], errors: [] });
});

test("what was not kept of much output stands as its count in its place", async ({ signedIn: page, agent }) => {
  const name = await taskPlace(agent);
  const id = await queue(agent, name, "much", "yes 0123456789012345678901234567890 | head -c 8000000; echo the end");
  await expect
    .poll(async () => (await agent.client.tasks.get({ task: id })).status, { timeout: 60_000 })
    .toBe("completed");
  await page.goto(`${agent.url}/w/${name}/tasks?task=${id}`);
  const { output } = tasksOf(page);
  await expect(output("much").getByText("the end")).toBeVisible();
  await output("much").press("Home");
  await expect(output("much").getByText(/were not kept|Earlier output is not shown/)).toBeVisible();
});

onEveryPlace(
  "no state of the tasks breaks a rule of WCAG 2.2 AA that a machine can check, and rows can be pressed",
  async (page, agent) => {
    const name = await taskPlace(agent);
    await page.goto(`${agent.url}/w/${name}/tasks`);
    await expect(page.getByRole("heading", { name: "No tasks yet" })).toBeVisible();
    await passes(page);
    const colours = String.raw`for c in 31 32 33 34 35 36 90 93 97 "38;5;17" "38;5;226" "41;97"; do printf "\033[$c""mcolour\033[0m "; done; exit 1`;
    const failed = await queue(agent, name, "fails", colours);
    for (const at of [1, 2, 3]) await queue(agent, name, `busy ${at}`, "sleep 600");
    await queue(agent, name, "waits", "true");
    const { line, output } = tasksOf(page);
    await expect(line("waits")).toContainText("in the queue");
    expect((await line("waits").boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await passes(page);
    await page.goto(`${agent.url}/tasks?task=${failed}`);
    await expect(output("fails")).toContainText("colour");
    await passes(page);
    await fits(page);
    await page.getByRole("button", { name: "New task" }).click();
    await page.getByText("Retries, time limit and priority").click();
    await passes(page);
  },
);
