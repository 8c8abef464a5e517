import { MODEL_PRICES, type ModelPrice, priceFinder } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import type { Prices } from "./add-up.ts";

/** What the settings add to the table, or put in its place. */
export function ownPrices(config: Pick<Config, "get">): ModelPrice[] {
  return Object.entries(config.get("usage.prices")).map(([model, rates]) => ({
    model,
    ...rates,
    source: "usage.prices",
  }));
}

/** Asked for anew for each answer, so that a change of the settings counts at once, also for what was used before. */
export function currentPrices(config: Pick<Config, "get">): Prices {
  const own = priceFinder(ownPrices(config));
  return (model) => {
    const set = own(model);
    if (set !== undefined) return { price: set, isOwn: true };
    const price = vendors(model);
    return price === undefined ? undefined : { price, isOwn: false };
  };
}

const vendors = priceFinder(MODEL_PRICES.models);
