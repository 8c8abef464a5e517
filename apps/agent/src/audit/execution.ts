import { asTyped } from "@ws/workspace-core";
import type { AuditRecord } from "../store/audit.ts";

/** Something that was run, as it was asked for: it may be of any form. */
export interface Ran {
  command?: unknown;
  cwd?: unknown;
  env?: unknown;
  exitCode?: number | undefined;
  /** How long it took. */
  ms?: number | undefined;
}

const SHORTEST_SECRET = 6;
/** The audit keeps less; what is longer is not searched for secrets. */
const LONGEST = 4_000;

/** What the audit has of it: its words as they would be typed, where it began, how it ended and how long it took; no value of a variable. */
export function asExecution(
  { command, cwd, env, exitCode, ms }: Ran,
  clean: (text: string) => string,
): NonNullable<AuditRecord["details"]> {
  const words = Array.isArray(command) ? command.filter((word) => typeof word === "string") : [];
  const text = typeof command === "string" ? command : words.map(asTyped).join(" ");
  const given = typeof env === "object" && env !== null ? Object.values(env) : [];
  const cleaned = given.reduce<string>(withoutValue, clean(text.slice(0, LONGEST)));
  return {
    ...(text === "" ? {} : { command: onOneLine(cleaned) }),
    ...(typeof cwd === "string" ? { cwd: clean(cwd) } : {}),
    ...(exitCode === undefined ? {} : { exitCode: String(exitCode) }),
    ...(ms === undefined ? {} : { seconds: String(Math.round(ms) / 1_000) }),
  };
}

/** The ends of its lines as they would be written in one. */
function onOneLine(text: string): string {
  return text.trimEnd().replaceAll(/\r?\n/g, "\\n");
}

function withoutValue(text: string, value: unknown): string {
  return typeof value === "string" && value.length >= SHORTEST_SECRET ? text.replaceAll(value, "[redacted]") : text;
}
