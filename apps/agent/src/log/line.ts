/** A line of the log's file: when, how grave (as pino counts), what; beside these it holds the fields. */
export type AgentLogLine = { level: number; time: string; msg: string } & Record<string, unknown>;

/** One line of the file; undefined for what is none, such as one that a full disk cut short. */
export function parseLogLine(text: string): AgentLogLine | undefined {
  try {
    const line = JSON.parse(text) as Partial<AgentLogLine> | null;
    const { level, time, msg } = line ?? {};
    return typeof level === "number" && typeof time === "string" && typeof msg === "string"
      ? (line as AgentLogLine)
      : undefined;
  } catch {
    return undefined;
  }
}

const LEVELS: Record<number, string> = { 20: "debug", 30: "info ", 40: "warn ", 50: "error" };

/** The same in one line for people; `at` writes the instant, the hour in UTC where it is absent. */
export function logLineForPeople(line: AgentLogLine, at: (time: string) => string = hourOf): string {
  const { level, time, msg, ...fields } = line;
  const extra = Object.entries(fields).map(([key, value]) => `${key}=${short(value)}`);
  return `${at(time)} ${LEVELS[level] ?? "     "} ${[msg, ...extra].join("  ")}\n`;
}

function hourOf(time: string): string {
  return time.slice(11, 19);
}

function short(value: unknown): string {
  if (typeof value === "string") return /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
  if (typeof value === "object" && value !== null && "message" in value) return JSON.stringify(value.message);
  return JSON.stringify(value);
}
