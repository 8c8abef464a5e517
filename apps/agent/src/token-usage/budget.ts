import type { UsageBudget } from "@ws/rpc-contract";
import type { Clock, TaskFailure } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import type { UsageStore, UsageSum } from "../store/usage.ts";
import { addUp } from "./add-up.ts";
import { createDays, ownZone } from "./days.ts";
import { currentPrices } from "./prices.ts";

/** What may be spent, and what was, by the worker's own days. */
export interface Budget {
  get(): UsageBudget;
  /** Why no task of a coding tool begins now; undefined where nothing keeps them. Looked up again after half a minute at the earliest. */
  hold(): TaskFailure | undefined;
}

const HOLD_MS = 30_000;
const MOST_EXECUTIONS = 100;

export function createBudget(options: {
  usage: Pick<UsageStore, "sums">;
  config: Pick<Config, "get">;
  clock: Pick<Clock, "now">;
  zone?: string;
}): Budget {
  const { usage, config, clock, zone = ownZone() } = options;
  let held: { at: number; failure: TaskFailure | undefined; settings: string } | undefined;

  function get(): UsageBudget {
    const now = clock.now();
    const days = createDays(zone);
    const prices = currentPrices(config);
    const spent = (sums: readonly UsageSum[]): number => addUp(sums, prices).cost;
    const use = (limit: number, from: number, until: number) => ({
      ...against(limit, spent(usage.sums("agent", { from, to: now + 1 }))),
      from: new Date(from).toISOString(),
      until: new Date(until).toISOString(),
    });
    const day = config.get("usage.budget.day");
    const month = config.get("usage.budget.month");
    const execution = config.get("usage.budget.execution");
    const start = days.monthOf(now);
    const periods = {
      ...(day === 0 ? {} : { day: use(day, days.startOf(now), days.after(now)) }),
      ...(month === 0 ? {} : { month: use(month, start, nextMonth(start, days.monthOf)) }),
    };
    const hold = config.get("usage.budget.hold");
    const over = Object.entries(periods).find(([, { passed }]) => passed === 100);
    return {
      ...periods,
      ...(execution === 0 ? {} : { execution }),
      executions: execution === 0 ? [] : executionsOver(execution, spent),
      hold,
      ...(hold && over !== undefined ? { held: heldBecause(over[0], over[1].limit) } : {}),
    };
  }

  function executionsOver(limit: number, spent: (sums: readonly UsageSum[]) => number): UsageBudget["executions"] {
    const sums = usage.sums("execution", { from: 0, to: clock.now() + 1 });
    return [...Map.groupBy(sums, ({ key }) => key)]
      .filter(([execution]) => execution !== "")
      .map(([execution, group]) => ({ execution, ...against(limit, spent(group)) }))
      .filter(({ passed }) => passed !== undefined)
      .sort((a, b) => b.spent - a.spent)
      .slice(0, MOST_EXECUTIONS);
  }

  return {
    get,
    hold() {
      if (!config.get("usage.budget.hold")) return undefined;
      const now = clock.now();
      const settings = `${config.get("usage.budget.day")} ${config.get("usage.budget.month")}`;
      if (held?.settings !== settings || Math.abs(now - held.at) >= HOLD_MS) {
        const { held: message } = get();
        const failure = message === undefined ? undefined : { code: "budget_spent", message, next: NEXT };
        held = { at: now, failure, settings };
      }
      return held.failure;
    },
  };
}

const NEXT = "It begins by itself then, or once there is more to spend: ws usage budget set.";

function against(limit: number, spent: number): { limit: number; spent: number; passed?: 80 | 100 } {
  if (spent >= limit) return { limit, spent, passed: 100 };
  return spent >= limit * 0.8 ? { limit, spent, passed: 80 } : { limit, spent };
}

function heldBecause(period: string, limit: number): string {
  const until = period === "day" ? "tomorrow" : "next month";
  return `The budget of $${limit} for this ${period} is spent: tasks of coding tools wait until ${until}.`;
}

/** No month has more days. */
function nextMonth(start: number, monthOf: (instant: number) => number): number {
  return monthOf(start + 33 * 86_400_000);
}
