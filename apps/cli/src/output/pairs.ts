import type { Context } from "../context.ts";
import { oneLine } from "./printable.ts";
import { widthOf, wrap } from "./wrap.ts";

/** What something is called, and what is said of it. */
export type Pair = readonly [string, string];

/** One below the other, in two columns that fit the terminal, without what that would obey. */
export function printPairs(context: Context, pairs: readonly Pair[]): void {
  const width = Math.max(...pairs.map(([key]) => key.length));
  for (const [key, value] of pairs) {
    context.print(wrap(`${key.padEnd(width)}  ${oneLine(value)}`, widthOf(context.io), width + 2));
  }
}
