import { InvalidArgumentError } from "commander";

/** `4g`, `512m`, `1.5GiB` or a number of bytes. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text);
  const number = Number(match?.[1]);
  if (match === null || !(number > 0)) throw new InvalidArgumentError("Use a size such as 512m or 4g.");
  return Math.round(number * 1024 ** ["", "k", "m", "g", "t"].indexOf((match[2] ?? "").toLowerCase()));
}

/** The agent takes no less: nothing of use runs in it. */
const LEAST_MEMORY = 32 * 1024 ** 2;

export function parseMemory(text: string): number {
  const bytes = parseSize(text);
  if (bytes < LEAST_MEMORY) throw new InvalidArgumentError("Use 32m or more, such as 512m or 4g.");
  return bytes;
}

export function parseScope(text: string): string {
  if (/^(?:read|write|admin|metrics|workspace:.+)$/.test(text)) return text;
  throw new InvalidArgumentError("Use read, write, admin, metrics or workspace:NAME.");
}

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** `90s`, `30m`, `8h`, `7d` or `1h30m`, in seconds. */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+)([smhd])/g)];
  const seconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (SECONDS[unit ?? ""] ?? 0), 0);
  if (parts.map(([part]) => part).join("") !== text || seconds === 0) {
    throw new InvalidArgumentError("Use a duration such as 30m, 8h or 7d.");
  }
  return seconds;
}

/** A duration before now, or a date with its time or without, of this machine's clock where it says no zone; as an instant of ISO 8601. */
export function parseSince(text: string): string {
  if (/^[\d.]+[smhd]/.test(text)) return new Date(Date.now() - parseDuration(text) * 1_000).toISOString();
  const [date, time = "00:00"] = text.split(/[ T]/, 2);
  const at = /^\d{4}-\d\d-\d\d$/.test(date ?? "") ? new Date(`${date}T${time}`) : undefined;
  if (at === undefined || Number.isNaN(at.getTime())) {
    throw new InvalidArgumentError(
      "Use a duration such as 30m, 8h or 7d, or a date such as 2026-03-01 or 2026-03-01T14:05.",
    );
  }
  return at.toISOString();
}

/** `all`, `none`, or names between commas. */
export function parseSelection(text: string): "all" | "none" | string[] {
  if (text === "all" || text === "none") return text;
  const names = parseNames(text);
  if (names.length === 0) throw new InvalidArgumentError("Use all, none or names such as work,OPENAI_API_KEY.");
  return names;
}

/** Names between commas. */
export function parseNames(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

export function parseCpus(text: string): number {
  const cpus = Number(text);
  if (!(cpus > 0)) throw new InvalidArgumentError("Use a number of cores such as 2 or 0.5.");
  return cpus;
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 0) throw new InvalidArgumentError("Use a whole number.");
  return count;
}

export function parsePositive(text: string): number {
  const count = parseCount(text);
  if (count === 0) throw new InvalidArgumentError("Use a whole number from 1.");
  return count;
}

/** An option that may be given several times. */
export function collect(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value];
}

/** Gathers repeated `NAME=VALUE`; the value may hold further `=`. */
export function collectEnv(text: string, gathered: Record<string, string> = {}): Record<string, string> {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) throw new InvalidArgumentError("Use NAME=VALUE.");
  return { ...gathered, [match[1]]: match[2] };
}
