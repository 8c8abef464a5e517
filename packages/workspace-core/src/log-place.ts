import type { LogEntry, StepSource } from "./ports.ts";

/** Up to where somebody has read a workspace's log: what the agent did, and what the place printed. */
export interface LogPlace {
  /** The last entry: the how-manieth of those with its instant. */
  said?: { at: number; nth: number };
  /** What the runtime says of the place's own output. */
  after?: string;
}

/** Where a line is from: what the agent did, or what the place printed itself. */
export type LogSource = StepSource | "output";

/** One line, with where its reader is then. */
export interface PlacedLine {
  text: string;
  source: LogSource;
  place: LogPlace;
}

/** As one word, for whoever comes back with it. */
export function writePlace({ said, after }: LogPlace): string {
  return [said?.at ?? "", said?.nth ?? "", encodeURIComponent(after ?? "")].join(".");
}

/** Undefined where it is none: it comes from outside. */
export function readPlace(text: string): LogPlace | undefined {
  const [whole, at, nth, after = ""] = /^(\d{0,16})\.(\d{0,9})\.((?:[\d]|%3A|%20){0,200})$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return {
    ...(at === "" || nth === "" ? {} : { said: { at: Number(at), nth: Number(nth) } }),
    ...(after === "" ? {} : { after: decodeURIComponent(after) }),
  };
}

/** Counts entries that have one instant, in the order in which they come. */
export function placeEntries(): (entry: Pick<LogEntry, "at">) => NonNullable<LogPlace["said"]> {
  let last = { at: Number.NaN, nth: 0 };
  return ({ at }) => (last = { at, nth: at === last.at ? last.nth + 1 : 1 });
}

/** The entries after a place; all of them where it is not among them any more. */
export function entriesAfter<E extends LogEntry>(entries: readonly E[], said: NonNullable<LogPlace["said"]>): E[] {
  const alike = entries.flatMap(({ at }, index) => (at === said.at ? [index] : []));
  const found = alike[said.nth - 1] ?? alike.at(-1);
  return found === undefined ? [...entries] : entries.slice(found + 1);
}
