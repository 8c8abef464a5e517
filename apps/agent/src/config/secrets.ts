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
  /** Credentials for forges, oldest first. */
  forges(): readonly KeptCredential[];
  /** Replaces them all; on disk when it returns. */
  replaceForges(credentials: readonly KeptCredential[]): void;
  /** The secret of a setting. */
  setting(key: string): string | undefined;
  /** Undefined removes it. */
  setSetting(key: string, secret: string | undefined): void;
}

const kept = z.strictObject({
  name: z.string(),
  type: z.enum(["pat", "oauth", "ssh_key"]),
  host: z.string(),
  secret: z.string(),
  username: z.string().optional(),
  fingerprint: z.string().optional(),
  hostKeys: z.array(z.string()).optional(),
  /** Milliseconds since the epoch, as all instants here. */
  createdAt: z.number(),
  expiresAt: z.number().optional(),
  refusedAt: z.number().optional(),
  refresh: z.strictObject({ secret: z.string(), clientId: z.string(), expiresAt: z.number().optional() }).optional(),
});
/** A forge's credential as it lies on the disk. */
export type KeptCredential = z.infer<typeof kept>;

/** What an earlier version wrote has `env` only. */
const shape = z.strictObject({
  env: z.record(z.string(), z.string()),
  forges: z.array(kept).optional(),
  settings: z.record(z.string(), z.string()).optional(),
});
type Content = z.infer<typeof shape>;

/** Secrets in their own 0600 file, so that config.json, exports and reports carry none. Throws `config_invalid`. */
export function openSecretStore(path: string, redactor: Pick<Redactor, "add">): SecretStore {
  let content = read(path);
  conceal();

  function conceal(): void {
    const { env, forges = [], settings = {} } = content;
    const tokens = forges.flatMap(({ secret, refresh }) => [
      secret,
      ...(refresh === undefined ? [] : [refresh.secret]),
    ]);
    for (const secret of [...Object.values(env), ...Object.values(settings), ...tokens]) redactor.add(secret);
  }

  function save(change: Partial<Content>): void {
    const next = { ...content, ...change };
    // On disk first: what could not be written is not used either, so that it is not gone at the next start.
    writeDurable(path, `${JSON.stringify(next, null, 2)}\n`);
    content = next;
    conceal();
  }

  return {
    get: (name) => (Object.hasOwn(content.env, name) ? content.env[name] : undefined),
    all: () => content.env,
    replace: (env) => save({ env: { ...env } }),
    forges: () => content.forges ?? [],
    replaceForges: (forges) => save({ forges: [...forges] }),
    setting: (key) => content.settings?.[key],
    setSetting(key, secret) {
      const { [key]: before, ...settings } = content.settings ?? {};
      if (before === secret) return;
      save({ settings: secret === undefined ? settings : { ...settings, [key]: secret } });
    },
  };
}

function read(path: string): Content {
  if (!existsSync(path)) return { env: {} };
  const text = readFileSync(path, "utf8");
  const problem = findSyntaxError(text);
  const parsed = problem === undefined ? shape.safeParse(JSON.parse(text)) : undefined;
  if (parsed?.success === true) return parsed.data;
  throw new WsError("config_invalid", {
    message: `${path} is damaged${problem === undefined ? "" : ` in line ${problem.line}`}.`,
    next: "Repair it, or move it away and set the credentials again.",
    data: { file: path, ...(problem === undefined ? {} : { line: problem.line, column: problem.column }) },
  });
}
