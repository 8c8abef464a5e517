import type { Log } from "@ws/workspace-core";
import { pino } from "pino";
import type { Redactor } from "./redact.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface LogOptions {
  /** Asked at every line, because the first lines come before the configuration is read. */
  level: () => LogLevel;
  redactor: Redactor;
  /** Gets JSON lines. */
  file?: { write(line: string): void };
  /** Gets lines for people. */
  screen?: { write(line: string): void };
}

/** The one sink: every line passes the redactor here, whoever wrote it. */
export function createLog({ level, redactor, file, screen }: LogOptions): Log {
  const sink = {
    write(line: string) {
      const { level, time, ...said } = JSON.parse(line) as Line;
      const clean = { level, time, ...redactor.cleanLeaves(said, "all") };
      file?.write(`${JSON.stringify(clean)}\n`);
      screen?.write(forPeople(clean));
    },
  };
  const logger = pino({ level: "debug", base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: {} }, sink);
  const at =
    (method: LogLevel): Log["info"] =>
    (message, fields = {}) => {
      if (RANK[method] >= RANK[level()]) logger[method](describeErrors(fields), message);
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** A line of the file; beside these it holds the fields. */
type Line = { level: number; time: string; msg: string } & Record<string, unknown>;

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** An error's own properties are not enumerable; its stack belongs into the file only. */
function describeErrors(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? describe(value) : value]),
  );
}

function describe(error: Error): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  return {
    ...(typeof code === "string" ? { code } : {}),
    message: error.message,
    stack: error.stack,
    ...(error.cause instanceof Error ? { cause: describe(error.cause) } : {}),
  };
}

const LEVELS: Record<number, string> = { 20: "debug", 30: "info ", 40: "warn ", 50: "error" };

function forPeople({ level, time, msg, ...fields }: Line): string {
  const extra = Object.entries(fields).map(([key, value]) => `${key}=${short(value)}`);
  return `${time.slice(11, 19)} ${LEVELS[level] ?? "     "} ${[msg, ...extra].join("  ")}\n`;
}

function short(value: unknown): string {
  if (typeof value === "string") return /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
  if (typeof value === "object" && value !== null && "message" in value) return JSON.stringify(value.message);
  return JSON.stringify(value);
}
