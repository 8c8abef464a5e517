import { setImmediate } from "node:timers/promises";
import type { UsageSpan, UsageStore, UsageSum } from "../store/usage.ts";
import type { UsageDimension } from "../store/usage-sql.ts";

/** Some milliseconds' work, after which whoever types in a terminal has their turn. */
const ROWS = 5_000;

/**
 * All of a span, however much that is, by a side of it. `keyOf` puts keys together; sums of one key are told apart by what their price depends on.
 */
export async function sumUp(
  usage: Pick<UsageStore, "sums" | "slices">,
  by: UsageDimension,
  span: UsageSpan,
  keyOf: (sum: UsageSum) => string = ({ key }) => key,
): Promise<UsageSum[]> {
  const all = new Map<string, UsageSum>();
  for (const slice of usage.slices(span, ROWS)) {
    for (const sum of usage.sums(by, slice)) {
      const key = keyOf(sum);
      const group = `${key}\n${sum.model}\n${sum.step}\n${sum.toldCost === undefined}`;
      const before = all.get(group);
      all.set(group, { ...(before === undefined ? sum : together(before, sum)), key });
    }
    await setImmediate();
  }
  return [...all.values()];
}

/** The later one says what it is called. */
function together(one: UsageSum, other: UsageSum): UsageSum {
  const [a, b] = [one.counts, other.counts];
  return {
    ...other,
    counts: {
      input: a.input + b.input,
      output: a.output + b.output,
      cacheRead: a.cacheRead + b.cacheRead,
      cacheWrite: a.cacheWrite + b.cacheWrite,
      cacheWriteLong: a.cacheWriteLong + b.cacheWriteLong,
    },
    reasoning: one.reasoning + other.reasoning,
    answers: one.answers + other.answers,
    ...(one.toldCost === undefined || other.toldCost === undefined ? {} : { toldCost: one.toldCost + other.toldCost }),
  };
}
