import type { Log } from "@ws/workspace-core";
import { pino } from "pino";
import { type AgentLogLine, logLineForPeople } from "./line.ts";
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
      const { level, time, ...said } = JSON.parse(line) as AgentLogLine;
      const clean = { level, time, ...redactor.cleanLeaves(said, "all") };
      file?.write(`${JSON.stringify(clean)}\n`);
      screen?.write(logLineForPeople(clean));
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
