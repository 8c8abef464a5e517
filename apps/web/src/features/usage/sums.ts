import type { UsageRow, UsageSum } from "@ws/rpc-contract";
import { dollars } from "../../components/money.ts";
import type { Measure } from "./range.ts";

export function allTokens({ tokens: { input, output, cacheRead, cacheWrite } }: Pick<UsageSum, "tokens">): number {
  return input + output + cacheRead + cacheWrite;
}

export function measureOf(sum: Pick<UsageSum, "tokens" | "cost">, measure: Measure): number {
  return measure === "cost" ? sum.cost : allTokens(sum);
}

/** With a mark where something is missing in it; a dash where nobody knows. */
export function costText({
  cost,
  costFrom,
  unpriced,
  answers,
}: Pick<UsageSum, "cost" | "costFrom" | "unpriced" | "answers">): string {
  if (answers === 0) return dollars(0);
  if (costFrom === "unknown") return "–";
  return unpriced > 0 ? `${dollars(cost)} +` : dollars(cost);
}

/** What the days from one on came to. */
export function since(rows: readonly UsageRow[], day: string): { cost: number; answers: number; tokens: number } {
  const sum = { cost: 0, answers: 0, tokens: 0 };
  for (const row of rows) {
    if (row.key < day) continue;
    sum.cost += row.cost;
    sum.answers += row.answers;
    sum.tokens += allTokens(row);
  }
  return sum;
}
