import { expect, test } from "vitest";
import { contextStep, costOf, MODEL_PRICES, type ModelPrice, priceFinder } from "./price.ts";

const NONE = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 };
const find = priceFinder(MODEL_PRICES.models);

test.each([
  ["claude-sonnet-4-5", "claude-sonnet-4-5"],
  ["claude-sonnet-4-5-20250929", "claude-sonnet-4-5"],
  ["claude-opus-4-6[1m]", "claude-opus-4-6"],
  ["anthropic/claude-opus-5-5", "claude-opus-5-5"],
  ["us.anthropic.claude-sonnet-4-20250514-v1:0", "claude-sonnet-4"],
  ["openrouter/anthropic/claude-opus-5", "claude-opus-5"],
  ["claude-opus-4@20250514", "claude-opus-4"],
  ["openai/gpt-6.1-sol", "gpt-6.1-sol"],
  ["GPT-5.4", "gpt-5.4"],
])("the price of %s is that of %s", (asked, model) => {
  expect(find(asked)?.model).toBe(model);
});

test.each(["", "claude", "claude-opus-99", "gpt-6.1-solar", "gpt-6.1-so"])("of %j no price is known", (model) => {
  expect(find(model)).toBeUndefined();
});

test("what begins like it stands for a family, and the longest beginning wins over it; an exact name over all", () => {
  const price = (model: string, input: number): ModelPrice => ({ model, input, output: 0, source: "x" });
  const among = priceFinder([price("house-*", 1), price("house-big-*", 2), price("house-big-1", 3)]);
  expect(["house-small", "house-big-2", "house-big-1", "hous"].map((model) => among(model)?.input)).toEqual([
    1,
    2,
    3,
    undefined,
  ]);
});

test("an answer costs what Claude Code and OpenCode say that it costs", () => {
  // Both tools, asked by a provider that answers with these counts, said 0.020346 for two of the first and 0.008373 for the second.
  const claude = { input: 22, output: 100, cacheRead: 600, cacheWrite: 2400, cacheWriteLong: 1600 };
  const opencode = { ...NONE, input: 11, output: 50, cacheRead: 300, cacheWrite: 2000 };
  const price = find("claude-sonnet-4-5") as ModelPrice;
  expect(costOf(claude, price, 0)).toBeCloseTo(0.020346, 9);
  expect(costOf(opencode, price, 0)).toBeCloseTo(0.008373, 9);
});

test("an answer to a long context has the price of those, all of it, and of a model without such a price the usual one", () => {
  const long = { ...NONE, input: 1_000, cacheRead: 272_000, output: 1_000_000 };
  const short = { ...long, input: 0 };
  const price = find("gpt-6.1-sol") as ModelPrice;
  expect([contextStep(short), contextStep(long)]).toEqual([200_000, 272_000]);
  expect(costOf(short, price, contextStep(short))).toBeCloseTo(10 + 0.0272, 9);
  expect(costOf(long, price, contextStep(long))).toBeCloseTo(15 + 0.0544 + 0.004, 9);
  expect(costOf(long, find("claude-opus-5-5") as ModelPrice, contextStep(long))).toBeCloseTo(20 + 0.0544 + 0.004, 9);
});

test("the table has a date, a source for each model, and no model twice or for less than nothing", () => {
  const { asOf, sources, models } = MODEL_PRICES;
  expect(new Date(asOf).toISOString().slice(0, 10)).toBe(asOf);
  expect(new Set(models.map(({ model }) => model)).size).toBe(models.length);
  const odd = models.filter(({ source, model: _model, long, ...rates }) => {
    const { over: _over, ...dearer } = long ?? { over: 0, input: Infinity };
    const isDearer = dearer.input > rates.input && Object.values(dearer).every((rate = 0) => rate > 0);
    const isSound = Object.values(rates).every((rate = 0) => rate > 0) && (rates.cacheRead ?? 0) < rates.input;
    return !Object.hasOwn(sources, source) || !isDearer || !isSound || rates.output < rates.input;
  });
  expect(odd).toEqual([]);
});
