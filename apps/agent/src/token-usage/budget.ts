import type { UsageBudget } from "@ws/rpc-contract";
import type { Clock, TaskFailure } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import type { UsageStore } from "../store/usage.ts";
import { addUp } from "./add-up.ts";
import { createDays, ownZone } from "./days.ts";
import { createKept } from "./kept.ts";
import { currentPrices, ownPrices } from "./prices.ts";
import { sumUp } from "./sum-up.ts";

/** What may be spent, and what was, by the worker's own days. */
export interface Budget {
  get(): Promise<UsageBudget>;
  /**
   * Why no task of a coding tool begins now; undefined where nothing keeps them. By what is known of what was spent: that is added up in the background,
   * and until it was once, nothing begins.
   */
  hold(): TaskFailure | undefined;
}

const MOST_EXECUTIONS = 100;
const PERIODS = ["day", "month"] as const;

export function createBudget(options: {
  usage: Pick<UsageStore, "sums" | "slices" | "revision">;
  config: Pick<Config, "get">;
  clock: Pick<Clock, "now" | "monotonic">;
  /** Called where `hold` may say something else than it did. */
  told?: () => void;
  zone?: string;
}): Budget {
  const { usage, config, clock, told, zone = ownZone() } = options;
  const days = createDays(zone);
  const state = (from: string | number): string => JSON.stringify([usage.revision(), from, ownPrices(config)]);
  const periods = createKept({
    clock,
    told,
    state: () => state(days.startOf(clock.now())),
    work: async () => {
      const now = clock.now();
      const prices = currentPrices(config);
      const spent = async (from: number, to: number): Promise<number> =>
        addUp(await sumUp(usage, "agent", { from, to }), prices).cost;
      const start = days.startOf(now);
      const day = await spent(start, now + 1);
      return { day, month: day + (await spent(days.monthOf(now), start)) };
    },
  });
  const executions = createKept({
    clock,
    state: () => state(""),
    work: async () => {
      const prices = currentPrices(config);
      const groups = Map.groupBy(await sumUp(usage, "execution", { from: 0, to: clock.now() + 1 }), ({ key }) => key);
      return [...groups]
        .filter(([execution]) => execution !== "")
        .map(([execution, sums]) => ({ execution, spent: addUp(sums, prices).cost }))
        .toSorted((a, b) => b.spent - a.spent)
        .slice(0, MOST_EXECUTIONS);
    },
  });
  const limitOf = (period: (typeof PERIODS)[number]): number => config.get(`usage.budget.${period}`);

  /** Why tasks wait where so much was spent. */
  function heldBy(spent: Readonly<Record<(typeof PERIODS)[number], number>>): string | undefined {
    const over = PERIODS.find((period) => limitOf(period) > 0 && spent[period] >= limitOf(period));
    return over === undefined ? undefined : heldBecause(over, limitOf(over));
  }

  return {
    async get() {
      const now = clock.now();
      const [day, month, execution] = [limitOf("day"), limitOf("month"), config.get("usage.budget.execution")];
      const hold = config.get("usage.budget.hold");
      const spent = day === 0 && month === 0 ? { day: 0, month: 0 } : await periods.now();
      const all = execution === 0 ? [] : await executions.now();
      const held = hold ? heldBy(spent) : undefined;
      const start = days.monthOf(now);
      const span = (from: number, until: number) => ({
        from: new Date(from).toISOString(),
        until: new Date(until).toISOString(),
      });
      return {
        ...(day === 0 ? {} : { day: { ...against(day, spent.day), ...span(days.startOf(now), days.after(now)) } }),
        ...(month === 0
          ? {}
          : { month: { ...against(month, spent.month), ...span(start, nextMonth(start, days.monthOf)) } }),
        ...(execution === 0 ? {} : { execution }),
        executions: all
          .map((one) => ({ execution: one.execution, ...against(execution, one.spent) }))
          .filter(({ passed }) => passed !== undefined),
        hold,
        ...(held === undefined ? {} : { held }),
      };
    },
    hold() {
      if (!config.get("usage.budget.hold") || PERIODS.every((period) => limitOf(period) === 0)) return undefined;
      const spent = periods.known();
      const message = spent === undefined ? "What was spent is not added up yet." : heldBy(spent);
      return message === undefined ? undefined : { code: "budget_spent", message, next: NEXT };
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
