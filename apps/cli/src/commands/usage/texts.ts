import type { UsageSum } from "@ws/rpc-contract";

/** `12.3k`: three digits are enough to compare. */
export function shortCount(count: number): string {
  return new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 }).format(count);
}

/** `$12.34`; what is less than a cent is said to be. */
export function dollars(cost: number): string {
  if (cost > 0 && cost < 0.01) return "<$0.01";
  return new Intl.NumberFormat("en", { style: "currency", currency: "USD" }).format(cost);
}

/** With a mark where something is missing in it. */
export function costText({ cost, costFrom, unpriced, answers }: UsageSum): string {
  if (answers === 0 || costFrom === "unknown") return "-";
  return unpriced > 0 ? `${dollars(cost)} +?` : dollars(cost);
}
