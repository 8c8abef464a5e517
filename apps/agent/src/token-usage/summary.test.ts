import { expect, test } from "vitest";
import type { UsageSum } from "../store/usage.ts";
import { listEntries, summarize } from "./summary.ts";

const COUNTS = { input: 1, output: 0, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 };

function setUp(sums: readonly UsageSum[][]) {
  const span = { from: 0, to: 1_000 };
  const usage = {
    since: () => 0,
    slices: () => sums.map((_, index) => ({ from: index, to: index + 1 })),
    sums: (_by: string, { from }: { from: number }) => sums[from] ?? [],
  };
  return { usage, prices: () => undefined, nameOf: () => "demo", span, zone: "UTC" };
}

const sum = (key: string, more: Partial<UsageSum> = {}): UsageSum => ({
  key,
  workspace: "ws-1",
  name: "demo",
  execution: "",
  agent: "claude",
  model: key,
  step: 0,
  counts: COUNTS,
  reasoning: 0,
  answers: 1,
  ...more,
});

test("However many models there are, an answer has the first few hundred of them, and the others together", async () => {
  const models = Array.from({ length: 1_000 }, (_, index) => sum(`model-${index}`, { toldCost: index + 1 }));
  const { rows, others, total } = await summarize("model", setUp([models.slice(0, 600), models.slice(600)]));
  expect([rows.length, rows[0]?.key]).toEqual([400, "model-999"]);
  expect(others).toMatchObject({ count: 600, answers: 600, cost: (600 * 601) / 2 });
  expect(total).toMatchObject({ answers: 1_000, cost: (1_000 * 1_001) / 2 });
  const { others: none, unknownModels } = await summarize(
    "model",
    setUp([Array.from({ length: 400 }, (_, index) => sum(`m${index}`))]),
  );
  expect([none, unknownModels.length]).toEqual([undefined, 100]);
});

test("What comes in parts is one sum for each side, with what its tool said where all of it has that", async () => {
  const parts = [[sum("a", { toldCost: 1 })], [sum("a", { toldCost: 2 }), sum("a")], [sum("b")]];
  const { rows } = await summarize("model", setUp(parts));
  expect(rows.map(({ key, answers, cost, unpriced }) => [key, answers, cost, unpriced])).toEqual([
    ["a", 3, 3, 1],
    ["b", 1, 0, 1],
  ]);
  const slots = [
    [sum("0 ws-1 claude ", { model: "m" })],
    [sum("95 ws-1 claude ", { model: "m" })],
    [sum("96 ws-1 claude ", { model: "m" })],
  ];
  expect((await listEntries(setUp(slots))).map(({ day, answers }) => [day, answers])).toEqual([
    ["1970-01-02", 1],
    ["1970-01-01", 2],
  ]);
});
