import { existsSync, readFileSync } from "node:fs";
import { WsError } from "@ws/workspace-core";
import { z } from "zod";
import type { Redactor } from "../log/redact.ts";
import { writeDurable } from "./durable-file.ts";
import { findSyntaxError } from "./json-position.ts";

/** What stands in config.json in place of a secret that was moved here. */
export const STORED = "@stored";

export interface SecretStore {
  get(name: string): string | undefined;
  all(): Readonly<Record<string, string>>;
  /** Replaces the whole set; on disk when it returns. */
  replace(secrets: Readonly<Record<string, string>>): void;
}

const shape = z.strictObject({ env: z.record(z.string(), z.string()) });

/** Secrets in their own 0600 file, so that config.json, exports and reports carry none. Throws `config_invalid`. */
export function openSecretStore(path: string, redactor: Redactor): SecretStore {
  let secrets = read(path);
  const conceal = (): void => {
    for (const secret of Object.values(secrets)) redactor.add(secret);
  };
  conceal();
  return {
    get: (name) => (Object.hasOwn(secrets, name) ? secrets[name] : undefined),
    all: () => secrets,
    replace(next) {
      secrets = { ...next };
      conceal();
      writeDurable(path, `${JSON.stringify({ env: secrets }, null, 2)}\n`);
    },
  };
}

function read(path: string): Record<string, string> {
  if (!existsSync(path)) return {};
  const text = readFileSync(path, "utf8");
  const problem = findSyntaxError(text);
  const parsed = problem === undefined ? shape.safeParse(JSON.parse(text)) : undefined;
  if (parsed?.success === true) return parsed.data.env;
  throw new WsError("config_invalid", {
    message: `${path} is damaged${problem === undefined ? "" : ` in line ${problem.line}`}.`,
    next: "Repair it, or move it away and set the credentials again.",
    data: { file: path, ...(problem === undefined ? {} : { line: problem.line, column: problem.column }) },
  });
}
