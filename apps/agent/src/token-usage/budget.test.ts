import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test, vi } from "vitest";
import type { Config } from "../config/config.ts";
import type { UsageStore, UsageSum } from "../store/usage.ts";
import { createBudget } from "./budget.ts";

const NONE = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 };
const HOUR_MS = 3_600_000;

function setUp(settings: Record<string, unknown>) {
  const clock = createManualClock(Date.UTC(2026, 0, 15, 12));
  const spent: { at: number; cost: number; execution: string }[] = [];
  const asked: string[] = [];
  let revision = 0;
  const usage: Pick<UsageStore, "sums" | "slices" | "revision"> = {
    revision: () => revision,
    slices: (span) => [span],
    sums(by, { from, to }) {
      asked.push(by);
      return spent
        .filter(({ at }) => at >= from && at < to)
        .map(({ cost, execution }): UsageSum => {
          const of = { workspace: "ws-1", name: "demo", execution, agent: "claude", model: "", step: 0 };
          return {
            ...of,
            key: by === "execution" ? execution : "claude",
            counts: NONE,
            reasoning: 0,
            answers: 1,
            toldCost: cost,
          };
        });
    },
  };
  const all: Record<string, unknown> = { day: 0, month: 0, execution: 0, hold: false, ...settings };
  const get = ((key: string) =>
    key === "usage.prices" ? {} : all[key.slice("usage.budget.".length)]) as Config["get"];
  const told = vi.fn();
  const budget = createBudget({ usage, config: { get }, clock, told, zone: "UTC" });
  const spend = (cost: number, agoMs = 0, execution = "exec-1"): void => {
    spent.push({ at: clock.now() - agoMs, cost, execution });
    revision += 1;
  };
  return { clock, all, asked, told, budget, spend };
}

test("What is spent counts for its day and its month, and nothing is added up of what has no limit", async () => {
  const { all, asked, budget, spend } = setUp({});
  spend(1);
  spend(2, 24 * HOUR_MS);
  spend(4, 24 * HOUR_MS * 20);
  expect(await budget.get()).toEqual({ executions: [], hold: false });
  expect(asked).toEqual([]);
  Object.assign(all, { day: 1, month: 10 });
  expect(await budget.get()).toMatchObject({ day: { spent: 1, passed: 100 }, month: { spent: 3 } });
  expect(asked).not.toContain("execution");
  all["execution"] = 5;
  expect((await budget.get()).executions).toEqual([{ execution: "exec-1", limit: 5, spent: 7, passed: 100 }]);
});

test("Whether tasks are held needs no sum of all executions, nor any while nothing is new", async () => {
  const { asked, told, budget, spend } = setUp({ day: 5, execution: 1, hold: true });
  spend(5);
  // Nobody knows yet.
  expect(budget.hold()).toMatchObject({ code: "budget_spent" });
  await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(1));
  expect(budget.hold()?.message).toContain("for this day is spent");
  const before = asked.length;
  expect(asked).not.toContain("execution");
  for (let round = 0; round < 5; round += 1) budget.hold();
  expect(asked).toHaveLength(before);
});

test("Tasks are held no longer once the next day begins, or the limit is another", async () => {
  const { clock, all, told, budget, spend } = setUp({ day: 5, hold: true });
  spend(5);
  budget.hold();
  await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(1));
  expect(budget.hold()).toBeDefined();
  all["day"] = 6;
  expect(budget.hold()).toBeUndefined();
  all["day"] = 5;
  clock.advance(12 * HOUR_MS);
  budget.hold();
  await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(2));
  expect(budget.hold()).toBeUndefined();
});
