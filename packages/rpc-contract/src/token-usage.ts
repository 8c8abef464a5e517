import { z } from "zod";
import { procedure } from "./errors.ts";
import { name } from "./workspace-info.ts";

const instant = z.iso.datetime({ offset: true });
const zone = z
  .string()
  .min(1)
  .max(64)
  .refine(isZone, "must be the name of a time zone, such as Europe/Berlin")
  .describe("In which days begin; the worker's own where absent");

/** Tokens as they are paid for: no kind is part of another. */
const tokens = z.object({
  input: z.number(),
  output: z.number().describe("With what the model only thought"),
  cacheRead: z.number(),
  cacheWrite: z.number(),
  reasoning: z.number().describe("Of the output, where the tool tells it"),
});

const costSource = z.enum(["table", "setting", "tool", "mixed", "unknown"]);
export type CostSource = z.infer<typeof costSource>;

export const usageSum = z.object({
  answers: z.number().describe("How often a model answered"),
  tokens,
  cost: z.number().describe("In US dollars, of all whose price is known"),
  costFrom: costSource.describe(
    "`table`: the prices that come with the worker; `setting`: those of usage.prices; `tool`: as the coding tool said it; `unknown`: nobody knows a price",
  ),
  unpriced: z.number().describe("Tokens that are not in the cost, because nobody knows the price of their model"),
});
export type UsageSum = z.infer<typeof usageSum>;

export const usageRow = usageSum.extend({
  key: z
    .string()
    .describe("The day, the workspace's id, the execution, the agent or the model; empty where there is none"),
  label: z.string().describe("What people call it"),
});
export type UsageRow = z.infer<typeof usageRow>;

export const usageSummary = z.object({
  by: z.enum(["day", "workspace", "execution", "agent", "model"]),
  from: z.string(),
  to: z.string(),
  zone: z.string(),
  since: z.string().optional().describe("When the first answer was that is known; absent where none is"),
  total: usageSum,
  rows: z
    .array(usageRow)
    .describe("By day the earliest first, with the days on which nothing was used; else what costs most first"),
  others: usageSum
    .extend({ count: z.number().describe("How many") })
    .optional()
    .describe("Beyond 400 rows, those that cost least, together"),
  unknownModels: z.array(z.string()).describe("Models without a price, 100 at most"),
  pricesAsOf: z.string().describe("When the prices were looked up that come with the worker"),
});
export type UsageSummary = z.infer<typeof usageSummary>;
export type UsageBy = UsageSummary["by"];

export const usageEntry = usageSum.extend({
  day: z.string(),
  workspaceId: z.string(),
  workspace: z.string().describe("What it was called last"),
  execution: z.string().optional(),
  agent: z.string(),
  model: z.string(),
});
export type UsageEntry = z.infer<typeof usageEntry>;

const rates = z.object({
  input: z.number(),
  output: z.number(),
  cacheRead: z.number().optional(),
  cacheWrite: z.number().optional(),
  cacheWriteLong: z.number().optional().describe("Into a cache that is kept for an hour"),
});

export const modelPrice = rates.extend({
  model: z.string().describe("Without its provider; * stands for any end"),
  long: rates
    .extend({ over: z.number() })
    .optional()
    .describe("Of an answer to a context of more tokens than that, all of it"),
  source: z.string(),
});
export type ModelPrice = z.infer<typeof modelPrice>;

export const usagePrices = z.object({
  asOf: z.string(),
  sources: z.record(z.string(), z.string()),
  models: z
    .array(modelPrice)
    .describe("US dollars for a million tokens; those of the setting usage.prices first, which hold over the others"),
});
export type UsagePrices = z.infer<typeof usagePrices>;

const limit = z.number().min(0).max(1_000_000_000);

const budgetUse = z.object({
  limit: z.number(),
  spent: z.number(),
  passed: z
    .union([z.literal(80), z.literal(100)])
    .optional()
    .describe("The last warning that was passed, in per cent of the limit"),
});

export const usageBudget = z.object({
  day: budgetUse.extend({ from: z.string(), until: z.string() }).optional(),
  month: budgetUse.extend({ from: z.string(), until: z.string() }).optional(),
  execution: z.number().optional().describe("The limit of each execution"),
  executions: z.array(budgetUse.extend({ execution: z.string() })).describe("Those that passed a warning"),
  hold: z.boolean().describe("Whether new tasks of coding tools wait while a limit of the worker is passed"),
  held: z.string().optional().describe("Why they wait now"),
});
export type UsageBudget = z.infer<typeof usageBudget>;

const span = {
  name: name.optional().describe("Only of this workspace"),
  execution: z.string().min(1).max(200).optional().describe("Only of this execution"),
  from: instant.optional().describe("30 days ago where absent"),
  to: instant.optional(),
  zone: zone.optional(),
  refresh: z
    .boolean()
    .optional()
    .describe("Whether the logs of the running workspaces are read first, which takes a moment"),
};

/** What coding tools used in workspaces, and what that costs. */
export const usage = {
  summary: procedure
    .route({
      method: "GET",
      path: "/token-usage",
      summary: "Sum up what coding tools used",
      description:
        "Tokens, and what they cost by the prices of their vendors, by day, workspace, execution, agent or model.",
    })
    .input(z.strictObject({ ...span, by: usageSummary.shape.by.optional().describe("`day` where absent") }).optional())
    .output(usageSummary),
  entries: procedure
    .route({
      method: "GET",
      path: "/token-usage/entries",
      summary: "List what coding tools used",
      description: "A line for each day, workspace, execution, agent and model, the latest first, 20,000 at most.",
    })
    .input(z.strictObject(span).optional())
    .output(z.array(usageEntry)),
  prices: procedure
    .route({
      method: "GET",
      path: "/token-usage/prices",
      summary: "List the prices of models",
      description: "What costs are computed with, and from when and where the prices are.",
    })
    .output(usagePrices),
  budget: {
    get: procedure
      .route({
        method: "GET",
        path: "/token-usage/budget",
        summary: "Get the budget",
        description: "What may be spent in a day, a month and an execution, and what was.",
      })
      .output(usageBudget),
    set: procedure
      .route({
        method: "PUT",
        path: "/token-usage/budget",
        summary: "Set the budget",
        description: "In US dollars; 0 takes a limit away, and what is not said stays.",
      })
      .input(
        z.strictObject({
          day: limit.optional(),
          month: limit.optional(),
          execution: limit.optional(),
          hold: z.boolean().optional(),
        }),
      )
      .output(usageBudget),
  },
};

function isZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
