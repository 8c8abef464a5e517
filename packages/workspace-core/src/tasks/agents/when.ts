/** No limit ends later than a week and a day from now. */
export function withinReason(instant: number, now: number): number {
  return Math.min(instant, now + 8 * 86_400_000);
}

/** An instant as tools write it: seconds or milliseconds since the epoch, or ISO text. Undefined for what is none. */
export function asInstant(value: unknown): number | undefined {
  if (typeof value === "number" && Number.isFinite(value) && value > 0) {
    return Math.trunc(value >= 1e11 ? value : value * 1_000);
  }
  if (typeof value !== "string" || value.length > 40) return undefined;
  if (/^\d{9,13}(?:\.\d+)?$/.test(value)) return asInstant(Number(value));
  const parsed = /^\d{4}-\d{2}-\d{2}T/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}

/**
 * The instant that a text about a limit names, in milliseconds since the epoch: a number after a bar or in JSON, a time from now, or what a clock shows, with its
 * day or without it, in the zone that the text names or else in this one. Undefined where it names none.
 */
export function instantIn(text: string, now: number, zone = "UTC"): number | undefined {
  const said = text.slice(0, 2_000);
  return numbered(said, now) ?? fromNow(said, now) ?? byClock(said, now, zone);
}

function numbered(text: string, now: number): number | undefined {
  const [, seconds] = /"resets_in_seconds"\s*:\s*(\d{1,8})\b/.exec(text) ?? [];
  const [, instant] = /(?:\||"resets_?at"\s*:\s*)(\d{10,13})\b/i.exec(text) ?? [];
  if (instant !== undefined) return asInstant(Number(instant));
  return seconds === undefined ? undefined : now + Number(seconds) * 1_000;
}

const UNITS_MS = { day: 86_400_000, hour: 3_600_000, minute: 60_000, second: 1_000 } as const;

function fromNow(text: string, now: number): number | undefined {
  const [, span] = /\bin ((?:\d{1,4} (?:day|hour|minute|second)s?(?:,? (?:and )?)?){1,4})/i.exec(text) ?? [];
  if (span === undefined) return undefined;
  const parts = [...span.matchAll(/(\d{1,4}) (day|hour|minute|second)/gi)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS_MS[asUnit(unit)], now);
}

function asUnit(unit = ""): keyof typeof UNITS_MS {
  return unit.toLowerCase() as keyof typeof UNITS_MS;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const CLOCK =
  /\b(?:resets?|again)(?: on)?(?: at)? (?:([a-z]{3})[a-z]{0,6}\.? (\d{1,2})(?:st|nd|rd|th)?,?(?: (\d{4}),?)?(?: at)? )?(\d{1,2})(?::(\d{2}))? ?([ap]m)?(?: ?\(([\w+/-]{1,40})\))?/i;

function byClock(text: string, now: number, zone: string): number | undefined {
  const [found, month, day, year, hours, minutes = "0", half, named] = CLOCK.exec(text.replace(/\s+/g, " ")) ?? [];
  // An hour alone may be any number.
  if (found === undefined || (half === undefined && !found.includes(":"))) return undefined;
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  if (hour > 23 || Number(minutes) > 59 || (half !== undefined && Number(hours) > 12)) return undefined;
  const here = startOf(now, [named, zone, "UTC"]);
  if (here === undefined) return undefined;
  const clock = { hour, minute: Number(minutes), second: 0, millisecond: 0, microsecond: 0, nanosecond: 0 };
  try {
    return (month === undefined ? nextOf(here, clock) : onDay(here, clock, { month, day, year })).epochMilliseconds;
  } catch {
    return undefined;
  }
}

/** Now, in the first of these zones that there is. */
function startOf(now: number, zones: readonly (string | undefined)[]): Temporal.ZonedDateTime | undefined {
  // Node before 26 has none.
  if (typeof Temporal === "undefined") return undefined;
  for (const zone of zones) {
    try {
      if (zone !== undefined) return Temporal.Instant.fromEpochMilliseconds(Math.trunc(now)).toZonedDateTimeISO(zone);
    } catch {
      // No zone of this name.
    }
  }
  return undefined;
}

type WallClock = { hour: number; minute: number };

function nextOf(here: Temporal.ZonedDateTime, clock: WallClock): Temporal.ZonedDateTime {
  const today = here.with(clock);
  return Temporal.ZonedDateTime.compare(today, here) > 0 ? today : here.add({ days: 1 }).with(clock);
}

function onDay(
  here: Temporal.ZonedDateTime,
  clock: WallClock,
  named: { month: string; day: string | undefined; year: string | undefined },
): Temporal.ZonedDateTime {
  const month = MONTHS.indexOf(named.month.toLowerCase()) + 1;
  if (month === 0) throw new RangeError("no month");
  const date = { month, day: Number(named.day), year: named.year === undefined ? here.year : Number(named.year) };
  const then = here.with({ ...date, ...clock }, { overflow: "reject" });
  const isLastYears = named.year === undefined && then.epochMilliseconds < here.epochMilliseconds - 86_400_000;
  return isLastYears ? then.add({ years: 1 }) : then;
}
