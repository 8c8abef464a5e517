import { z } from "zod";
import { define } from "./definition.ts";

const dollars = z.number().min(0).max(1_000_000_000);
const rate = z.number().min(0).max(1_000_000);
const rates = z.strictObject({
  input: rate,
  output: rate,
  cacheRead: rate.optional(),
  cacheWrite: rate.optional(),
  cacheWriteLong: rate.optional(),
});
const model = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9 ._:/@+[\]-]{0,119}\*?$/, "must be the name of a model, or its beginning and a '*'");

export const USAGE = {
  "usage.prices": define({
    schema: z.record(model, rates),
    default: {},
    description:
      'Prices of models in US dollars for a million tokens, beside those that come with the worker or in their place: `{"house-model-*": {"input": 1, "output": 4}}`. What is cached costs as much as input where nothing else is said.',
    env: ["WS_USAGE_PRICES"],
    restart: false,
  }),
  "usage.budget.day": define({
    schema: dollars,
    default: 0,
    description: "US dollars that coding tools may cost in a day before the worker warns; 0 is no limit.",
    env: ["WS_USAGE_BUDGET_DAY"],
    restart: false,
  }),
  "usage.budget.month": define({
    schema: dollars,
    default: 0,
    description: "US dollars that coding tools may cost in a calendar month before the worker warns; 0 is no limit.",
    env: ["WS_USAGE_BUDGET_MONTH"],
    restart: false,
  }),
  "usage.budget.execution": define({
    schema: dollars,
    default: 0,
    description: "US dollars that coding tools may cost in one execution before the worker warns; 0 is no limit.",
    env: ["WS_USAGE_BUDGET_EXECUTION"],
    restart: false,
  }),
  "usage.budget.hold": define({
    schema: z.boolean(),
    default: false,
    description:
      "Whether tasks of coding tools wait while the budget of the day or of the month is spent. What runs goes on.",
    env: ["WS_USAGE_BUDGET_HOLD"],
    restart: false,
  }),
} as const;
