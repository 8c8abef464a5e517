/** Days as a zone of the earth has them; a day is `2026-11-22`. */
export interface Days {
  of(instant: number): string;
  /** When the day of an instant began. */
  startOf(instant: number): number;
  /** When its month did. */
  monthOf(instant: number): number;
  /** When the next day begins. */
  after(instant: number): number;
}

/** Every zone's offset is a multiple of it. */
const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;

/** An unknown zone throws a RangeError. */
export function createDays(zone: string): Days {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const known = new Map<number, string>();
  const of = (instant: number): string => {
    const quarter = Math.floor(instant / QUARTER_MS);
    const day = known.get(quarter) ?? format.format(quarter * QUARTER_MS);
    known.set(quarter, day);
    return day;
  };

  function startOf(instant: number): number {
    const day = of(instant);
    let start = Math.floor(instant / QUARTER_MS) * QUARTER_MS;
    while (of(start - QUARTER_MS) === day) start -= QUARTER_MS;
    return start;
  }

  return {
    of,
    startOf,
    monthOf(instant) {
      let start = startOf(instant);
      while (!of(start).endsWith("-01")) start = startOf(start - 1);
      return start;
    },
    // Days have 23 to 25 hours.
    after: (instant) => startOf(startOf(instant) + DAY_MS + 2 * 3_600_000),
  };
}

/** The worker's own. */
export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
