import type { Page } from "@playwright/test";
import type { UsageSummary } from "@ws/rpc-contract";
import { expect } from "./fixtures.ts";
import { test, USE, wordsOf } from "./visual/fixtures.ts";
import { looks } from "./visual/looks.ts";
import { holdSteady } from "./visual/steady.ts";

// A picture takes a while on a machine that others use, and each test takes dozens.
test.describe.configure({ timeout: 400_000 });
test.use({ screens: "all" });

const heading = (page: Page, name: string) => page.getByRole("heading", { name, level: 1 }).waitFor();

// The first: nobody has asked yet for what the others show.
test("a worker on which nothing is yet says what would be there", async ({ page, agent }) => {
  for (const [name, path, says] of [
    ["empty-workspaces", "/", "No workspaces yet"],
    ["empty-tasks", "/tasks", "No tasks yet"],
    ["empty-inbox", "/inbox", "Nothing waits for you"],
    ["empty-usage", "/usage", "No coding tool has used anything yet"],
  ] as const) {
    await page.goto(agent.url + path);
    await page.getByText(says).waitFor();
    await looks(page, name);
  }
});

test("the way in, and what is nowhere", async ({ browser, page, agent, seeded }) => {
  await using stranger = await browser.newContext(USE);
  await holdSteady(stranger, { words: wordsOf(agent) });
  const outside = await stranger.newPage();
  await outside.goto(`${agent.url}/`);
  await heading(outside, "Sign in to this worker");
  await looks(outside, "sign-in");
  await page.goto(`${agent.url}/nowhere`);
  await heading(page, "There is nothing here");
  await looks(page, "not-found");
  await page.route("**/rpc/tasks/list*", (route) => route.fulfill({ status: 500, body: "{}" }));
  await page.goto(`${agent.url}/w/${seeded.main}/tasks`);
  await page.getByText("The tasks could not be read").waitFor();
  await looks(page, "failed-load");
});

test("the workspaces", async ({ page, agent, seeded }) => {
  await page.goto(agent.url);
  await page.getByRole("link", { name: "Asks you" }).first().waitFor();
  await page.getByRole("link", { name: / today$/ }).waitFor();
  await looks(page, "workspaces");
  await page.goto(`${agent.url}/?q=nothing-such`);
  await page.getByText("No workspace matches").waitFor();
  await looks(page, "workspaces-filtered");
  await page.goto(`${agent.url}/?group=execution`);
  await page.getByText("checkout-v2", { exact: true }).waitFor();
  await looks(page, "workspaces-grouped");
  await page.goto(`${agent.url}/new?clone=https://git.example.com/acme/shop`);
  await page.getByRole("button", { name: "Create workspace" }).waitFor();
  await looks(page, "create");
  await page.goto(`${agent.url}/w/${seeded.failed}`);
  await page.getByText("repository_not_found").waitFor();
  await page.getByRole("log", { name: "Log lines" }).getByText("Repository not found").waitFor();
  await looks(page, "workspace-failed");
  await page.goto(`${agent.url}/w/${seeded.stopped}`);
  await page.getByRole("heading", { name: "is stopped" }).waitFor();
  await looks(page, "workspace-stopped");
});

test("what is over the page: the palette, and the keys", async ({ page, agent, seeded }) => {
  await page.goto(agent.url);
  await page.getByRole("link", { name: seeded.main, exact: true }).waitFor();
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: "Command" }).fill(seeded.main);
  await page.getByRole("option").first().waitFor();
  await looks(page, "palette");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await looks(page, "keys");
});

test("the tasks of all, the inbox, the workers and what was used", async ({ page, agent, seeded: { main } }) => {
  await page.goto(`${agent.url}/tasks`);
  await page.getByRole("region", { name: "Finished" }).waitFor();
  await looks(page, "tasks");
  await page.goto(`${agent.url}/tasks?new=task`);
  await page.getByRole("dialog", { name: "New task" }).waitFor();
  await looks(page, "new-task");
  await page.goto(`${agent.url}/inbox`);
  await page.getByRole("list", { name: "What waits for you" }).getByText("Which way?").waitFor();
  await looks(page, "inbox");
  await page.goto(`${agent.url}/workers`);
  await page.getByRole("link", { name: main }).waitFor();
  await looks(page, "workers");
  // Days and prices of the page's own clock.
  await page.route("**/rpc/usage/summary*", (route) => {
    const { by } = asked(route.request().url(), route.request().postData());
    return route.fulfill({ json: { json: usedBy(by) } });
  });
  await page.goto(`${agent.url}/usage`);
  await page.getByRole("region", { name: /^What was used, by/ }).waitFor();
  await expect(page.getByRole("button", { name: "Read logs again" })).toBeEnabled();
  await looks(page, "usage");
});

/** A call's input, by either way that it is sent. */
function asked(url: string, body: string | null): { by: UsageSummary["by"] } {
  const text = new URL(url).searchParams.get("data") ?? body ?? "{}";
  return (JSON.parse(text) as { json: { by: UsageSummary["by"] } }).json;
}

function usedBy(by: UsageSummary["by"]): UsageSummary {
  const row = (key: string, answers: number) => ({
    key,
    label: key,
    answers,
    tokens: {
      input: answers * 12_000,
      output: answers * 900,
      cacheRead: answers * 40_000,
      cacheWrite: 0,
      reasoning: 0,
    },
    cost: answers * 0.11,
    costFrom: "table" as const,
    unpriced: 0,
  });
  const days = Array.from({ length: 9 }, (_, day) => new Date(Date.UTC(2026, 1, 22 + day)).toISOString().slice(0, 10));
  return {
    by,
    from: "2026-02-01T00:00:00.000Z",
    to: "2026-03-02T10:00:00.000Z",
    zone: "UTC",
    since: "2026-02-22T08:00:00.000Z",
    total: row("", 180),
    rows: by === "day" ? days.map((day, at) => row(day, 4 + ((at * 7) % 30))) : [row("claude", 130), row("codex", 50)],
    unknownModels: [],
    pricesAsOf: "2026-02-01",
  };
}
