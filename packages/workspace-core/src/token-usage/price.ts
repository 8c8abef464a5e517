import table from "./model-prices.json" with { type: "json" };
import { contextOf, type TokenCounts } from "./usage-entry.ts";

/** In US dollars for a million tokens of each kind. */
export interface Rates {
  input: number;
  output: number;
  /** As input where absent. */
  cacheRead?: number | undefined;
  cacheWrite?: number | undefined;
  /** As `cacheWrite` where absent. */
  cacheWriteLong?: number | undefined;
}

export interface ModelPrice extends Rates {
  /** A model's name without its provider; `*` stands for any end. */
  model: string;
  /** Of an answer to more context than that, all of it. */
  long?: (Rates & { over: number }) | undefined;
  source: string;
}

/** What the models of the vendors cost, and when that was looked up. */
export const MODEL_PRICES: { asOf: string; sources: Readonly<Record<string, string>>; models: readonly ModelPrice[] } =
  table;

/** The sizes of a context at which some price changes. */
export const CONTEXT_STEPS = [
  0,
  ...new Set(MODEL_PRICES.models.flatMap(({ long }) => (long === undefined ? [] : [long.over]))),
].sort((a, b) => a - b);

/** The largest of the steps that an answer's context is beyond. */
export function contextStep(counts: TokenCounts): number {
  const context = contextOf(counts);
  return CONTEXT_STEPS.findLast((step) => context > step) ?? 0;
}

/** Finds the price of a model: the one of exactly its name, else the longest beginning that fits. */
export function priceFinder(prices: readonly ModelPrice[]): (model: string) => ModelPrice | undefined {
  const exact = new Map(prices.map((price) => [price.model.toLowerCase(), price]));
  const open = prices
    .filter(({ model }) => model.endsWith("*"))
    .map((price) => ({ start: price.model.slice(0, -1).toLowerCase(), price }))
    .sort((a, b) => b.start.length - a.start.length);
  // Nothing is kept of what was asked: names come from logs, and there is no end of them.
  return (model) => {
    for (const name of namesOf(model)) {
      const price = exact.get(name) ?? open.find(({ start }) => name.startsWith(start))?.price;
      if (price !== undefined) return price;
    }
    return undefined;
  };
}

/** As it is called, and then without what providers and dates add to it. */
function namesOf(model: string): string[] {
  const whole = model.toLowerCase();
  const bare = whole
    .slice(whole.lastIndexOf("/") + 1)
    .replace(/^(?:[a-z]{2,6}\.)?(?:anthropic|openai|google)\./, "")
    .replace(/\[1m\]/, "");
  const undated = bare.replace(/-v\d+(?::\d+)?$/, "").replace(/[-@](?:\d{8}|\d{4}-\d{2}-\d{2}|latest)(?=-fast$|$)/, "");
  return [...new Set([whole, bare, undated])];
}

/** What tokens cost in US dollars, which were answered to a context beyond that step. */
export function costOf(counts: TokenCounts, price: ModelPrice, step: number): number {
  const rates: Rates = price.long !== undefined && step >= price.long.over ? price.long : price;
  const { input, output, cacheRead = input, cacheWrite = input, cacheWriteLong = cacheWrite } = rates;
  const sum =
    counts.input * input +
    counts.output * output +
    counts.cacheRead * cacheRead +
    counts.cacheWrite * cacheWrite +
    counts.cacheWriteLong * cacheWriteLong;
  return sum / 1_000_000;
}
