import { MODEL_PRICES, WsError } from "@ws/workspace-core";
import type { UsageSpan } from "../store/usage.ts";
import { createBudget } from "../token-usage/budget.ts";
import { ownZone } from "../token-usage/days.ts";
import { currentPrices, ownPrices } from "../token-usage/prices.ts";
import { listEntries, summarize, type SummaryOptions } from "../token-usage/summary.ts";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";

interface Asked {
  name?: string | undefined;
  execution?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  zone?: string | undefined;
  refresh?: boolean | undefined;
}

const DAYS_30_MS = 30 * 86_400_000;

export function tokenUsageRouter(guard: Guarded, services: Services) {
  const os = guard.usage;
  const { state, config, clock } = services;
  const budget = createBudget({ usage: state.usage, config, clock });

  async function optionsOf(asked: Asked = {}, signal: AbortSignal | undefined): Promise<SummaryOptions> {
    const { workspaces } = await services.worker();
    const workspace = asked.name === undefined ? undefined : workspaces.get(asked.name).id;
    if (asked.refresh === true) await services.usage.refresh(workspace, signal ?? services.closing);
    const to = asked.to === undefined ? clock.now() + 1 : Date.parse(asked.to);
    const from = asked.from === undefined ? to - DAYS_30_MS : Date.parse(asked.from);
    const span: UsageSpan = { from, to, workspace, execution: asked.execution };
    return {
      usage: state.usage,
      prices: currentPrices(config),
      nameOf: (id) => workspaces.find(id as `ws-${string}`)?.name,
      span,
      zone: asked.zone ?? ownZone(),
    };
  }

  return os.router({
    summary: os.summary.handler(async ({ input, signal }) =>
      summarize(input?.by ?? "day", await optionsOf(input, signal)),
    ),
    entries: os.entries.handler(async ({ input, signal }) => listEntries(await optionsOf(input, signal))),
    prices: os.prices.handler(() => {
      const { asOf, sources, models } = MODEL_PRICES;
      const own = ownPrices(config);
      const all = { "usage.prices": "The worker's own setting", ...sources };
      return { asOf, sources: all, models: [...own, ...models] };
    }),
    budget: {
      get: os.budget.get.handler(() => budget.get()),
      set: os.budget.set.handler(async ({ input }) => {
        const { day, month, execution, hold } = input;
        const limits = { day, month, execution, hold };
        const keys = (["day", "month", "execution", "hold"] as const).filter((key) => limits[key] !== undefined);
        for (const key of keys) requireUnshadowed(key, config.variable(`usage.budget.${key}`));
        config.setTogether(Object.fromEntries(keys.map((key) => [`usage.budget.${key}`, limits[key]])));
        (await services.tasks()).look();
        return budget.get();
      }),
    },
  });
}

function requireUnshadowed(field: string, variable: string | undefined): void {
  if (variable === undefined) return;
  throw new WsError("invalid_input", {
    message: `This part of the budget is said by ${variable}, which holds over the settings.`,
    next: `Change ${variable}, and start the agent anew.`,
    data: { field },
  });
}
