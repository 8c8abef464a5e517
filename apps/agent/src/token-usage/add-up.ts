import type { CostSource, UsageSum } from "@ws/rpc-contract";
import { contextOf, costOf, type ModelPrice } from "@ws/workspace-core";
import type { UsageSum as StoredSum } from "../store/usage.ts";

/** The price of a model, and whether the worker's owner has set it. */
export interface Prices {
  (model: string): { price: ModelPrice; isOwn: boolean } | undefined;
}

/**
 * Puts sums together and says what they cost. What the worker's owner has set holds; then what the tool said itself, which knows how it asked; then the
 * table of the vendors' prices.
 */
export function addUp(sums: readonly StoredSum[], prices: Prices): UsageSum & { unknownModels: string[] } {
  const tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
  const sources = new Set<CostSource>();
  const unknown = new Set<string>();
  let [answers, cost, unpriced] = [0, 0, 0];
  for (const { model, step, counts, reasoning, toldCost, answers: count } of sums) {
    tokens.input += counts.input;
    tokens.output += counts.output;
    tokens.cacheRead += counts.cacheRead;
    tokens.cacheWrite += counts.cacheWrite + counts.cacheWriteLong;
    tokens.reasoning += reasoning;
    answers += count;
    const known = prices(model);
    if (known !== undefined && (known.isOwn || toldCost === undefined)) {
      sources.add(known.isOwn ? "setting" : "table");
      cost += costOf(counts, known.price, step);
    } else if (toldCost !== undefined) {
      sources.add("tool");
      cost += toldCost;
    } else {
      unknown.add(model);
      unpriced += contextOf(counts) + counts.output;
    }
  }
  const [source = "unknown", another] = sources;
  const costFrom = another === undefined ? source : "mixed";
  return { answers, tokens, cost, costFrom, unpriced, unknownModels: [...unknown].toSorted() };
}
