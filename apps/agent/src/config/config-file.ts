import { readFileSync, statSync } from "node:fs";
import { isWsError, WsError, type Log } from "@ws/workspace-core";
import { z } from "zod";
import { writeDurable } from "./durable-file.ts";
import { findSyntaxError, locate, type JsonPath } from "./json-position.ts";
import { plainIssue } from "./plain-issue.ts";
import type { SettingDefinition } from "./settings/definition.ts";
import { SETTINGS } from "./settings.ts";

export const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** config.json as it stands in the file; what this version does not know is kept. */
export type ConfigContent = Record<string, unknown> & {
  credentials?: { env?: Record<string, string>; files?: Record<string, string>; expose?: string[]; once?: string[] };
};

export interface ConfigFile {
  readonly path: string;
  /** The present content; a file edited into nonsense meanwhile leaves the last good one, with a warning. */
  read(): ConfigContent;
  write(content: ConfigContent): void;
}

const credentials = z.strictObject({
  env: z.record(z.string().regex(ENV_NAME, "is not a variable name"), z.string()).optional(),
  files: z.record(z.string().min(1), z.string().min(1)).optional(),
  expose: z.array(z.string().regex(ENV_NAME, "is not a variable name")).optional(),
  once: z.array(z.string()).optional(),
});

/** Throws `config_invalid`, with line and column, where the file cannot be used; it is never changed then. */
export function openConfigFile(path: string, log: Log): ConfigFile {
  let stamp = stampOf(path);
  let content = parseConfig(readFileSync(path, "utf8"), path);
  warnOfUnknown(content, path, log);

  function reload(): void {
    const now = stampOf(path);
    if (now === stamp) return;
    stamp = now;
    try {
      content = parseConfig(readFileSync(path, "utf8"), path);
      log.info("config.json was changed and read again", { path });
    } catch (error) {
      if (!isWsError(error, "config_invalid") && (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      log.error("config.json cannot be used; the last good content stays in force", { error });
    }
  }

  return {
    path,
    read() {
      reload();
      return structuredClone(content);
    },
    write(next) {
      const text = `${JSON.stringify(next, null, 2)}\n`;
      content = parseConfig(text, path);
      writeDurable(path, text);
      stamp = stampOf(path);
    },
  };
}

/** Checks a text against the schema of every setting. */
export function parseConfig(text: string, path: string): ConfigContent {
  const problem = findSyntaxError(text);
  if (problem !== undefined) throw invalid(path, problem, problem.message);
  const content: unknown = JSON.parse(text);
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw invalid(path, { line: 1, column: 1 }, "expected an object");
  }
  for (const [key, { schema }] of Object.entries<SettingDefinition>(SETTINGS)) {
    const at = key.split(".");
    const value = valueAt(content as ConfigContent, at);
    if (value !== undefined) check(schema, value, at);
  }
  const given = valueAt(content as ConfigContent, ["credentials"]);
  if (given !== undefined) check(credentials, given, ["credentials"]);
  return content as ConfigContent;

  function check(schema: z.ZodType, value: unknown, at: JsonPath): void {
    const result = schema.safeParse(value);
    if (result.success) return;
    const [issue] = result.error.issues;
    const where = [...at, ...((issue?.path ?? []) as (string | number)[])];
    throw invalid(path, locate(text, where), `${where.join(".")} ${plainIssue(issue)}`);
  }
}

/** The value at nested names, own properties only. */
export function valueAt(content: ConfigContent, at: readonly string[]): unknown {
  let value: unknown = content;
  for (const name of at) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function invalid(file: string, { line, column }: { line: number; column: number }, message: string): WsError {
  return new WsError("config_invalid", {
    message: `${file}:${line}:${column}: ${message}.`,
    next: "Correct the file, then start again. It has not been changed.",
    data: { file, line, column },
  });
}

function warnOfUnknown(content: ConfigContent, path: string, log: Log): void {
  const known = new Set(["credentials", ...Object.keys(SETTINGS).map((key) => key.split(".")[0])]);
  const unknown = Object.keys(content).filter((key) => !known.has(key));
  if (unknown.length > 0) log.warn("config.json has settings that nothing reads", { path, unknown });
}

function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? "absent" : `${found.ino} ${found.size} ${found.mtimeMs}`;
}
