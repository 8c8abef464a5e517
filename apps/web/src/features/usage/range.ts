/** What the page shows, as its address says it. */
export const RANGES = [
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
  { value: "90d", label: "90 days" },
  { value: "month", label: "This month" },
] as const;
export type Range = (typeof RANGES)[number]["value"];

export const SIDES = [
  { value: "agent", label: "Agent" },
  { value: "workspace", label: "Workspace" },
  { value: "execution", label: "Execution" },
  { value: "model", label: "Model" },
  { value: "day", label: "Day" },
] as const;
export type Side = (typeof SIDES)[number]["value"];

export const MEASURES = [
  { value: "cost", label: "Cost" },
  { value: "tokens", label: "Tokens" },
] as const;
export type Measure = (typeof MEASURES)[number]["value"];

/** The choice that a text is, else the first. */
export function chosen<Value extends string>(
  text: string | null,
  choices: readonly { value: Value }[],
  first: Value,
): Value {
  return choices.find(({ value }) => value === text)?.value ?? first;
}

/** When a range began, at the beginning of a day where the browser is. */
export function beginOf(range: Range, now: number): string {
  const begin = new Date(now);
  begin.setHours(0, 0, 0, 0);
  if (range === "month") begin.setDate(1);
  else begin.setDate(begin.getDate() - (Number.parseInt(range, 10) - 1));
  return begin.toISOString();
}

/** Each day of a range up to today, oldest first: `2026-11-22`. */
export function daysOf(range: Range, now: number): string[] {
  const days: string[] = [];
  const day = new Date(beginOf(range, now));
  while (day.getTime() <= now) {
    days.push(dayOf(day.getTime()));
    day.setDate(day.getDate() + 1);
  }
  return days;
}

/** The day of an instant where the browser is, as the worker calls days: `2026-11-22`. */
export function dayOf(instant: number): string {
  const date = new Date(instant);
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** `22 Nov`: a day of these months. */
export function dayLabel(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date).toLocaleDateString("en-GB", { day: "numeric", month: "short" });
}
