/** What of the audit log is shown, as it stands in the page's address. */
export interface Asked {
  who: string;
  action: string;
  target: string;
  since: Period;
}

export type Period = keyof typeof PERIODS;

const HOUR_MS = 3_600_000;
export const PERIODS = {
  any: { label: "Any time", ms: Number.POSITIVE_INFINITY },
  hour: { label: "Last hour", ms: HOUR_MS },
  day: { label: "Last day", ms: 24 * HOUR_MS },
  week: { label: "Last 7 days", ms: 7 * 24 * HOUR_MS },
  month: { label: "Last 30 days", ms: 30 * 24 * HOUR_MS },
} as const;

export function askedIn(query: URLSearchParams): Asked {
  const text = (name: string) => (query.get(name) ?? "").slice(0, 200);
  const since = query.get("since") ?? "";
  return {
    who: text("who"),
    action: text("action"),
    target: text("target"),
    since: Object.hasOwn(PERIODS, since) ? (since as Period) : "any",
  };
}

/** As the address has it: what is not asked for is not there. */
export function toQuery({ since, ...texts }: Asked): URLSearchParams {
  const query = new URLSearchParams(Object.entries(texts).filter(([, text]) => text !== ""));
  if (since !== "any") query.set("since", since);
  return query;
}

/** What the worker is asked. Spaces around are nobody's name. */
export function inputOf(
  { since, ...texts }: Asked,
  now: number,
): { who?: string; action?: string; target?: string; since?: string } {
  const said = Object.entries(texts).map(([name, text]) => [name, text.trim()] as const);
  const { ms } = PERIODS[since];
  return {
    ...Object.fromEntries(said.filter(([, text]) => text !== "")),
    ...(Number.isFinite(ms) && { since: new Date(now - ms).toISOString() }),
  };
}
