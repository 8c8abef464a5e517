import type { UsageBudget, UsageSummary } from "@ws/rpc-contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createContext, type Context } from "../../context.ts";
import { EXIT } from "../../errors.ts";
import { createProgram } from "../../run.ts";
import { createFakeIo } from "../../testing/fake-io.ts";
import { type LocalAgent, startLocalAgent } from "../../testing/local-agent.ts";
import { registerUsage } from "./index.ts";

let agent: LocalAgent;

beforeAll(async () => (agent = await startLocalAgent()));
afterAll(() => agent[Symbol.asyncDispose]());

const tokens = { input: 1_234_567, output: 89_000, cacheRead: 0, cacheWrite: 12, reasoning: 0 };
const priced = { answers: 3, tokens, cost: 1.5, costFrom: "table", unpriced: 0 } as const;
const SUMMARY: UsageSummary = {
  by: "model",
  from: "2026-11-01T00:00:00Z",
  to: "2026-11-22T00:00:00Z",
  zone: "UTC",
  total: { ...priced, answers: 5, unpriced: 1_323_579 },
  rows: [
    { ...priced, key: "claude-opus-5-5", label: "claude-opus-5-5" },
    { ...priced, key: "house-1", label: "house-1", answers: 2, cost: 0, costFrom: "unknown", unpriced: 1_323_579 },
    { ...priced, key: "idle", label: "idle", answers: 0 },
  ],
  unknownModels: ["house-1"],
  pricesAsOf: "2026-10-24",
};
const OVER: UsageBudget = {
  month: { limit: 10, spent: 9, passed: 80, from: "2026-11-01T00:00:00Z", until: "2026-12-01T00:00:00Z" },
  executions: [{ execution: "exec-1", limit: 1, spent: 2, passed: 100 }],
  hold: false,
};

/** What is printed and said of an agent that answers so. */
async function shown(answers: object, ...argv: string[]) {
  const hints: string[] = [];
  const io = createFakeIo();
  const context: Context = {
    ...createContext(io),
    hint: (text) => void hints.push(text),
    connect: async () => ({ client: { usage: answers } }) as never,
  };
  const program = createProgram(io);
  registerUsage(program, context);
  await program.parseAsync(["usage", ...argv], { from: "user" });
  return { printed: io.out().split("\n").slice(0, -1), hints };
}

test("What was used is a table with its sum, and what has no price and a budget that is nearly spent are said", async () => {
  const budget = { get: async () => OVER };
  const { printed, hints } = await shown({ summary: async () => SUMMARY, budget }, "--by", "model");
  expect(printed).toEqual([
    "MODEL            ANSWERS  INPUT  OUTPUT  CACHE READ  CACHE WRITE  COST",
    "claude-opus-5-5  3        1.23M  89K     0           12           $1.50",
    "house-1          2        1.23M  89K     0           12           -",
    "all              5        1.23M  89K     0           12           $1.50 +?",
  ]);
  expect(hints).toEqual([
    "No price is known of house-1: 1.32M tokens are not in the cost. Add one: ws config set usage.prices",
    "At the vendors' prices for their API, as of 2026-10-24: what a subscription pays for is in it, too.",
    "The budget of this month is nearly spent: $9.00 of $10.00.",
    "The budget of exec-1 is spent: $2.00 of $1.00.",
  ]);
});

test("Whoever may not see the budget is shown what was used", async () => {
  const get = async () => Promise.reject(new Error("forbidden"));
  expect((await shown({ summary: async () => SUMMARY, budget: { get } }, "demo")).printed).toHaveLength(4);
});

test("A worker on which nothing was used says where it would come from, and prints a table without lines", async () => {
  expect((await agent.ws(["usage"])).err).toContain("No coding tool has used anything since then.");
  expect((await agent.ws(["usage", "--csv"])).out).toMatch(/^day,workspace,[^\n]*\r\n$/);
  expect(JSON.parse((await agent.ws(["usage", "--by", "agent", "--since", "7d", "--json"])).out)).toMatchObject({
    rows: [],
  });
});

test("A budget is set, shown and taken away, and what is no amount is refused", async () => {
  expect((await agent.ws(["usage", "budget"])).err).toContain("There is no budget.");
  const set = await agent.ws(["usage", "budget", "set", "$12.5", "--per", "day", "--hold"]);
  expect(set.out).toMatch(/day +\$0\.00 +\$12\.50 +0%/);
  expect(set.err).toContain("Tasks of coding tools wait");
  const { out } = await agent.ws(["usage", "budget", "set", "0", "--per", "day", "--no-hold", "--json"]);
  expect(JSON.parse(out)).toEqual({ executions: [], hold: false });
  for (const amount of ["much", "-1", "NaN"]) {
    expect((await agent.ws(["usage", "budget", "set", "--", amount])).code).toBe(EXIT.usage);
  }
});
