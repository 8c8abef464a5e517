const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
const currency = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });

/** `12.3k`: three digits are enough to compare. */
export function shortCount(count: number): string {
  return compact.format(count);
}

/** `$12.34`; what is less than a cent is said to be. */
export function dollars(cost: number): string {
  return cost > 0 && cost < 0.01 ? "<$0.01" : currency.format(cost);
}
