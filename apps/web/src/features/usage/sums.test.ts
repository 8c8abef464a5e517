import type { UsageRow } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { beginOf, chosen, dayLabel, dayOf, RANGES } from "./range.ts";
import { costText, measureOf, since } from "./sums.ts";

const row = (key: string, cost: number, more: Partial<UsageRow> = {}): UsageRow => ({
  key,
  label: key,
  answers: 2,
  tokens: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4, reasoning: 1 },
  cost,
  costFrom: "table",
  unpriced: 0,
  ...more,
});

test("Days are added up from one on", () => {
  const rows = [row("2026-10-31", 5), row("2026-11-01", 1), row("2026-11-02", 2)];
  expect(since(rows, "2026-11-01")).toEqual({ cost: 3, answers: 4, tokens: 20 });
});

test("A cost says that something is missing in it, and what nobody knows is no cost", () => {
  expect(costText(row("x", 1.5))).toBe("$1.50");
  expect(costText(row("x", 0.001))).toBe("<$0.01");
  expect(costText(row("x", 1.5, { unpriced: 10 }))).toBe("$1.50 +");
  expect(costText(row("x", 0, { costFrom: "unknown", unpriced: 10 }))).toBe("–");
  expect(costText(row("x", 0, { answers: 0, costFrom: "unknown" }))).toBe("$0.00");
  expect([measureOf(row("x", 7), "cost"), measureOf(row("x", 7), "tokens")]).toEqual([7, 10]);
});

test("A range begins with a day, today among its days, and a month with its first", () => {
  const now = new Date(2026, 10, 22, 15, 30).getTime();
  const begun = RANGES.map(({ value }) => dayOf(Date.parse(beginOf(value, now))));
  expect(begun).toEqual(["2026-11-16", "2026-10-24", "2026-08-25", "2026-11-01"]);
  expect(new Date(beginOf("7d", now)).getHours()).toBe(0);
  expect([chosen("90d", RANGES, "30d"), chosen("x", RANGES, "30d"), chosen(null, RANGES, "30d")]).toEqual([
    "90d",
    "30d",
    "30d",
  ]);
  expect(dayLabel("2026-11-02")).toBe("2 Nov");
});
