import { readFile } from "node:fs/promises";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { passes } from "./axe.ts";
import { fits, onEveryPlace, phone } from "./every-place.ts";
import { expect, newName, test as base } from "./fixtures.ts";
import { taskPlace } from "./tasks.ts";

/** A worker on which nothing else is used: its sums are known. */
const test = base.extend({
  agent: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the pattern to know what a fixture needs
    async ({}, use) => {
      await using agent = await startAgentProcess();
      await use(agent);
    },
    { scope: "worker", timeout: 300_000 },
  ],
});

interface Said {
  daysAgo: number;
  model: string;
  millions: number;
}

/** Puts a log into a workspace's home, as Claude Code writes it; each answer has its input in millions of tokens. */
async function writeLog(agent: AgentProcess, name: string, said: readonly Said[]): Promise<void> {
  const lines = said.map(({ daysAgo, model, millions }, index) =>
    JSON.stringify({
      type: "assistant",
      timestamp: new Date(Date.now() - daysAgo * 86_400_000).toISOString(),
      sessionId: "6ce9c3f5-4964-435c-a08a-b6776effd0e6",
      message: { id: `msg_${index}`, model, usage: { input_tokens: millions * 1e6, output_tokens: 1_000 } },
    }),
  );
  await agent.client.files.write({ name, path: ".claude/projects/-home/log.jsonl", content: `${lines.join("\n")}\n` });
}

test("what a person's own tool used is read when the page is opened, summed up by what is chosen, and downloaded", async ({
  signedIn: page,
  agent,
}) => {
  const name = await taskPlace(agent, newName("spends"));
  await writeLog(agent, name, [
    { daysAgo: 0, model: "claude-opus-5-5", millions: 1 },
    { daysAgo: 1, model: "claude-sonnet-5", millions: 2 },
    { daysAgo: 1, model: "=cmd(1)", millions: 1 },
    { daysAgo: 2, model: "house-model", millions: 3 },
  ]);
  await page.getByRole("link", { name: "Usage" }).first().click();
  await expect(page.getByRole("definition").first()).toContainText("$4.0");
  await expect(page.getByRole("img", { name: /^Cost by day from/ })).toBeVisible();
  const table = page.getByRole("region", { name: /^What was used, by/ });
  await expect(table.getByRole("row", { name: /claude/ })).toContainText("$8.");
  await page.getByRole("radio", { name: "Model" }).click();
  await expect(page).toHaveURL(/by=model/);
  await expect(table.getByRole("row", { name: /claude-sonnet-5/ })).toContainText("$4.0");
  await expect(table.getByRole("row", { name: /house-model/ })).toContainText("–");
  await expect(page.getByText("Without a price:")).toBeVisible();
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toMatch(/^usage-\d{4}-\d{2}-\d{2}\.csv$/);
  const csv = await readFile(await download.path(), "utf8");
  expect(csv).toMatch(new RegExp(`,${name},[^,]*,,claude,house-model,1,3000000,1000,0,0,,unknown,3001000\r\n`));
  // The state of the page is its address.
  await page.reload();
  await expect(page.getByRole("radio", { name: "Model" })).toHaveAttribute("aria-checked", "true");
});

test("a budget is set by keyboard, what is no amount is refused, and once it is spent the inbox says so until it was looked at", async ({
  signedIn: page,
  agent,
}) => {
  const name = await taskPlace(agent, newName("spends"));
  await writeLog(agent, name, [{ daysAgo: 0, model: "claude-opus-5-5", millions: 1 }]);
  await page.goto(`${agent.url}/usage`);
  await page.getByRole("button", { name: "Set a budget" }).press("Enter");
  await page.getByRole("textbox", { name: "Per day" }).fill("much");
  await expect(page.getByText("Use a number such as 20 or 12.50.")).toBeVisible();
  await page.getByRole("textbox", { name: "Per day" }).fill("0.50");
  await page.getByRole("textbox", { name: "Per day" }).press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByText("It is spent.")).toBeVisible();
  await page.goto(`${agent.url}/inbox`);
  const card = page.getByRole("listitem").filter({ hasText: "The budget of this day is spent" });
  await expect(card).toContainText("of $0.50");
  await card.getByRole("button", { name: /^Dismiss/ }).click();
  await expect(card).toBeHidden();
  await agent.client.usage.budget.set({ day: 0 });
});

test.describe("on a phone", () => {
  test.use(phone);
  test("a worker on which nothing was used says where it would come from", async ({ signedIn: page, agent }) => {
    await page.route("**/rpc/usage/summary*", async (route) => {
      const response = await route.fetch();
      const body = (await response.json()) as { json: Record<string, unknown> };
      delete body.json["since"];
      await route.fulfill({ response, json: { ...body, json: { ...body.json, rows: [] } } });
    });
    await page.goto(`${agent.url}/usage`);
    await expect(page.getByText("No coding tool has used anything yet")).toBeVisible();
    await fits(page);
    await passes(page);
  });
});

onEveryPlace("the page of what was used fits, and breaks no rule of WCAG 2.2 AA", async (page, agent) => {
  const name = await taskPlace(agent, newName("a-workspace-with-a-rather-long-name"));
  await writeLog(
    agent,
    name,
    Array.from({ length: 28 }, (_, index) => ({
      daysAgo: index,
      model: ["claude-opus-5-5", "claude-sonnet-5", "a-model-that-nobody-knows-with-a-long-name"][index % 3] ?? "",
      millions: 1 + ((index * 7) % 5),
    })),
  );
  await agent.client.usage.budget.set({ day: 5, month: 40, execution: 3 });
  await page.goto(`${agent.url}/usage?by=model`);
  await page.getByRole("region", { name: /^What was used, by model/ }).waitFor();
  await expect(page.getByRole("button", { name: "Read logs again" })).toBeEnabled();
  await fits(page);
  await passes(page);
  await page.getByRole("button", { name: "Change" }).click();
  await page.getByRole("dialog").waitFor();
  await passes(page);
  await agent.client.usage.budget.set({ day: 0, month: 0, execution: 0 });
});
