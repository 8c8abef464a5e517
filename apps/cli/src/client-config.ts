import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { findSyntaxError, locate } from "@ws/agent/json-position";
import { configDirectory } from "@ws/agent/paths";
import { z } from "zod";
import { clientConfigPath } from "./client-config-path.ts";
import { CliError } from "./errors.ts";
import type { Io } from "./io.ts";

/** Loose: what another version keeps here stays. */
const words = z.string("must be text").exactOptional();
const worker = z.looseObject(
  { url: z.string("must be text"), token: words, pin: words, device: words, clientCert: words, clientKey: words },
  "must be an object",
);
const clientConfig = z.looseObject(
  { worker: words, token: words, workers: z.record(z.string(), worker, "must be an object").exactOptional() },
  "must be an object",
);

/**
 * What `client.json` holds: the workers that this device knows, by the names that they have here, and which of them is meant
 * where nothing else is said. `worker` may also be an address, and `token` is for that.
 */
export type ClientConfig = z.infer<typeof clientConfig>;

/** Empty where there is no file. Throws `config_invalid` with the place, and leaves the file as it is. */
export function readClientConfig(env: Io["env"]): ClientConfig {
  const path = clientConfigPath(env);
  const text = readText(path);
  if (text === undefined) return {};
  const problem = findSyntaxError(text);
  if (problem !== undefined) throw invalid(`${path}:${problem.line}:${problem.column}: ${problem.message}`);
  const result = clientConfig.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const at = (issue?.path ?? []) as (string | number)[];
  const { line, column } = locate(text, at);
  throw invalid(
    `${path}:${line}:${column}: ${at.length === 0 ? "it " : `${at.join(".")} `}${issue?.message ?? "is not allowed here"}`,
  );
}

/**
 * Replaces `client.json` as a whole, readable by this user only: it may hold a token. Throws `config_invalid` where it
 * cannot be written.
 */
export function writeClientConfig(env: Io["env"], config: ClientConfig): void {
  const path = clientConfigPath(env);
  const draft = `${path}.${process.pid}`;
  try {
    mkdirSync(configDirectory(env), { recursive: true, mode: 0o700 });
    const file = openSync(draft, "w", 0o600);
    try {
      writeSync(file, `${JSON.stringify(config, null, 2)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    chmodSync(draft, 0o600);
    renameSync(draft, path);
  } catch (error) {
    throw new CliError("config_invalid", `${path} cannot be written (${(error as NodeJS.ErrnoException).code}).`, {
      next: "Set WS_CONFIG_DIR to a directory that can be written.",
      cause: error,
    });
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw invalid(`${path} cannot be read (${code})`, error);
  }
}

function invalid(what: string, cause?: unknown): CliError {
  return new CliError("config_invalid", `${what}.`, {
    next: "Correct or remove the file. It has not been changed.",
    cause,
  });
}
