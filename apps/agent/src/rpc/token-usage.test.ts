import { randomBytes } from "node:crypto";
import { usageCsv } from "@ws/rpc-contract/usage-csv";
import { createFakeRuns } from "@ws/workspace-core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSystemClock } from "../system/clock.ts";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { refusal } from "../testing/refusal.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

const SESSION = "11111111-2222-4333-8444-555555555555";
let agent: TestAgent;

/** As Claude Code writes it into its log. */
const answer = (id: string, model: string, session = "s-1"): string =>
  `${JSON.stringify({
    type: "assistant",
    timestamp: new Date().toISOString(),
    sessionId: session,
    message: { id, model, usage: { input_tokens: 100_000, output_tokens: 10_000, cache_read_input_tokens: 50_000 } },
  })}\n`;

async function write(name: string, path: string, content: string): Promise<void> {
  await agent.local.files.write({ name, path: `.claude/projects/x/${path}`, content });
}

beforeAll(async () => {
  const tool = createFakeRuns({
    clock: createSystemClock(),
    programs: {
      claude: ({ print }) => {
        const say = (message: object): void => print(`${JSON.stringify(message)}\n`);
        say({ type: "system", subtype: "init", session_id: SESSION });
        const usage = { input_tokens: 3, output_tokens: 4 };
        say({ type: "result", subtype: "success", result: "Done.", session_id: SESSION, usage, total_cost_usd: 0.125 });
        return {};
      },
    },
  });
  const adapters = { ...createFakeAdapters(), openRuns: async () => tool };
  agent = await startTestAgent({ adapters: () => adapters });
  const env = { ANTHROPIC_API_KEY: randomBytes(16).toString("hex") };
  await agent.local.workspaces.create({ name: "demo", env });
  await agent.local.workspaces.create({ name: "other", execution: { id: "exec-1", role: "dev" } });
  await write("demo", "a.jsonl", answer("m1", "claude-opus-5-5") + answer("m1", "claude-opus-5-5"));
  await write(
    "other",
    "b.jsonl",
    answer("m2", "claude-opus-5-5") + answer("m3", "=house(1)") + answer("m4", "house-1"),
  );
});
afterAll(() => agent[Symbol.asyncDispose]());

/** By the table: 100,000 at 4, 10,000 at 20 and 50,000 at 0.2 dollars for a million. */
const COST = 0.4 + 0.2 + 0.01;

test("What was used is read when somebody asks, and is summed up by each of its sides", async () => {
  const { usage } = agent.local;
  expect(await usage.summary()).toMatchObject({ rows: [], total: { answers: 0, cost: 0 } });
  const days = await usage.summary({ refresh: true, zone: "Europe/Berlin" });
  expect(days.rows).toHaveLength(1);
  expect(days.total).toMatchObject({ answers: 4, costFrom: "table", unpriced: 2 * 160_000 });
  expect(days.total.cost).toBeCloseTo(2 * COST, 9);
  // A name that can be none is nobody's.
  expect(days.unknownModels).toEqual(["house-1"]);
  const by = async (side: "workspace" | "execution" | "agent" | "model") =>
    (await usage.summary({ by: side })).rows
      .map(({ label, answers }): [string, number] => [label, answers])
      .toSorted(([a], [b]) => a.localeCompare(b));
  expect(await by("workspace")).toEqual([
    ["demo", 1],
    ["other", 3],
  ]);
  expect(await by("execution")).toEqual([
    ["exec-1", 3],
    ["none", 1],
  ]);
  expect(await by("agent")).toEqual([["claude", 4]]);
  expect(await by("model")).toEqual([
    ["claude-opus-5-5", 2],
    ["house-1", 1],
    ["unknown", 1],
  ]);
  const entries = await usage.entries();
  expect(entries).toHaveLength(4);
  expect(usageCsv(entries).split("\r\n")).toHaveLength(6);
});

test("A price of the worker's own holds at once, also for what was used before", async () => {
  const { usage, config } = agent.local;
  await config.settings.set({ key: "usage.prices", value: { "house-*": { input: 1, output: 10 } } });
  const { total, rows } = await usage.summary({ by: "model" });
  expect(rows.find(({ key }) => key === "house-1")).toMatchObject({ cost: 0.25, costFrom: "setting", unpriced: 0 });
  expect(total.costFrom).toBe("mixed");
  const { models, asOf, sources } = await usage.prices();
  expect(models[0]).toMatchObject({ model: "house-*", source: "usage.prices" });
  expect(models.every(({ source }) => Object.hasOwn(sources, source))).toBe(true);
  expect(asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  expect(await refusal(config.settings.set({ key: "usage.prices", value: { "<b>": { input: 1, output: 1 } } }))).toBe(
    "BAD_REQUEST invalid_input",
  );
});

test("A task whose tool writes no log counts as its run says, and with its log as that does", async () => {
  const { usage, tasks } = agent.local;
  const { id } = await tasks.create({ name: "demo", spec: { kind: "agent", tool: "claude", prompt: "Do." } });
  const own = async () => (await usage.summary({ name: "demo", by: "model" })).rows;
  await expect.poll(async () => (await own()).length).toBe(2);
  expect((await tasks.get({ task: id })).usage).toMatchObject({ cost: 0.125 });
  expect((await own()).find(({ key }) => key === "")).toMatchObject({
    cost: 0.125,
    costFrom: "tool",
    tokens: { input: 3, output: 4 },
  });
  await write("demo", "c.jsonl", answer("m9", "claude-opus-5-5", SESSION));
  await usage.summary({ name: "demo", refresh: true });
  expect((await own()).map(({ key, answers }) => [key, answers])).toEqual([["claude-opus-5-5", 2]]);
});

test("A budget warns at 80 and at 100 per cent, and holds tasks of coding tools back where it is to", async () => {
  const { usage, tasks } = agent.local;
  const { total } = await usage.summary();
  expect(await usage.budget.get()).toEqual({ executions: [], hold: false });
  expect((await usage.budget.set({ day: total.cost * 2 })).day).not.toHaveProperty("passed");
  expect(await usage.budget.set({ month: total.cost * 1.1, execution: 0.1 })).toMatchObject({
    month: { passed: 80 },
    executions: [{ execution: "exec-1", passed: 100 }],
  });
  const over = await usage.budget.set({ day: total.cost / 2, hold: true });
  expect(over).toMatchObject({ day: { passed: 100 }, held: expect.stringContaining("this day is spent") as string });
  const { id } = await tasks.create({ name: "demo", spec: { kind: "agent", tool: "claude", prompt: "Wait." } });
  expect(await tasks.get({ task: id })).toMatchObject({ status: "pending", waits: { code: "budget_spent" } });
  // What is no coding tool's goes on.
  const plain = await tasks.create({ name: "demo", spec: { kind: "command", command: ["claude"] } });
  await expect.poll(async () => (await tasks.get({ task: plain.id })).status).toBe("completed");
  await usage.budget.set({ day: 0, month: 0, execution: 0, hold: false });
  await expect.poll(async () => (await tasks.get({ task: id })).status).toBe("completed");
  expect(await refusal(usage.budget.set({ day: -1 }))).toBe("BAD_REQUEST invalid_input");
});

test("A workspace's token sees what is its own, and none but an administrator sets a budget", async () => {
  const own = await agent.scoped("workspace:demo");
  const { total } = await own.usage.summary({ name: "demo", by: "model" });
  expect(total.answers).toBe(2);
  expect((await own.usage.entries({ name: "demo" })).every(({ workspace }) => workspace === "demo")).toBe(true);
  const writer = await agent.scoped("write");
  for (const call of [
    () => own.usage.summary(),
    () => own.usage.summary({ name: "other" }),
    () => own.usage.entries(),
    () => own.usage.budget.get(),
    () => own.usage.budget.set({ day: 1 }),
    () => writer.usage.budget.set({ day: 1 }),
  ]) {
    expect(await refusal(call())).toBe("FORBIDDEN forbidden");
  }
  expect(await refusal(agent.local.usage.summary({ zone: "Nowhere/Else" }))).toBe("BAD_REQUEST invalid_input");
  expect(await refusal(agent.local.usage.summary({ name: "gone" }))).toBe("NOT_FOUND workspace_not_found");
});

test("It outlives its workspace", async () => {
  const before = (await agent.local.usage.summary({ by: "workspace" })).total;
  await agent.local.workspaces.delete({ name: "other", force: true });
  const { rows, total } = await agent.local.usage.summary({ by: "workspace" });
  expect(total).toEqual(before);
  expect(rows.map(({ label }) => label)).toContain("other");
});
