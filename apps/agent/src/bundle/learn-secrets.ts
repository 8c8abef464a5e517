import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isWsError } from "@ws/workspace-core";
import { SECRET_FILES } from "../backup/secret-files.ts";
import { parseConfig, type ConfigContent } from "../config/config-file.ts";
import { openSecretStore } from "../config/secrets.ts";
import { concealFiles } from "../config/setup.ts";
import type { Redactor } from "../log/redact.ts";
import { createSeal, keptKey, type Seal } from "../store/seal.ts";
import { isUnreadable, readRow } from "../store/task-columns.ts";
import { readRecord } from "../store/workspace-columns.ts";

/**
 * Tells a redactor what the worker of this directory was given, from its files alone: nothing in them is changed. What keeps it from that,
 * a sentence each; none where nothing does.
 */
export async function learnSecrets(
  configDir: string,
  env: Readonly<Record<string, string | undefined>>,
  redactor: Pick<Redactor, "add">,
): Promise<string[]> {
  try {
    const secrets = openSecretStore(join(configDir, "secrets.json"), redactor);
    learnKeys(configDir, redactor);
    const seal = createSeal(...keptKey({ setting: secrets.setting, setSetting: () => undefined }));
    const unopened = learnState(join(configDir, "state.db"), seal, redactor);
    const unread = await concealFiles(filesGiven(join(configDir, "config.json")), env, redactor);
    return [...unopened, ...unread];
  } catch (error) {
    return [problemOf(error)];
  }
}

/** Without what a parser quotes of a text that may hold secrets. */
function problemOf(error: unknown): string {
  if (isWsError(error, "config_invalid")) return `${error.data.file} cannot be used.`;
  if (isWsError(error)) return error.message;
  return `What the worker was given cannot be read${error instanceof SyntaxError ? "" : `: ${(error as Error).message}`}.`;
}

function filesGiven(path: string): Readonly<Record<string, string>> {
  const content: ConfigContent = existsSync(path) ? parseConfig(readFileSync(path, "utf8"), path) : {};
  return content.credentials?.files ?? {};
}

/** What devices know the worker by, and nobody has given it. */
function learnKeys(configDir: string, redactor: Pick<Redactor, "add">): void {
  for (const path of SECRET_FILES.filter((name) => name.endsWith("key")).map((name) => join(configDir, name))) {
    const lines = existsSync(path) ? readFileSync(path, "utf8").split(/\r?\n/) : [];
    // How every key begins is no secret, and tells where others begin.
    for (const line of lines.filter((each) => !each.startsWith("-----"))) redactor.add(line);
  }
}

/** What in it was sealed with a key that is not here: whatever that was, it is not known. */
function learnState(path: string, seal: Seal, redactor: Pick<Redactor, "add">): string[] {
  if (!existsSync(path)) return [];
  const db = new DatabaseSync(path, { readOnly: true });
  let unopened = 0;
  try {
    for (const { record: text } of db.prepare("SELECT record FROM workspaces").iterate()) {
      const { record, unopened: closed } = readRecord(String(text), { seal });
      for (const value of Object.values(record.env)) redactor.add(value, record.id);
      if (closed.length > 0) unopened += 1;
    }
    for (const row of db.prepare("SELECT * FROM tasks").iterate()) {
      const { workspace, spec } = readRow(row, seal) ?? {};
      const env = spec !== undefined && "env" in spec ? spec.env : {};
      for (const value of Object.values(env ?? {})) redactor.add(value, workspace);
      if (isUnreadable(row, seal)) unopened += 1;
    }
  } finally {
    db.close();
  }
  if (unopened === 0) return [];
  return [`What ${unopened} workspaces or tasks were given was sealed with a key that is not in secrets.json.`];
}
