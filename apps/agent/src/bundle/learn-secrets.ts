import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isWsError } from "@ws/workspace-core";
import { openSecretStore } from "../config/secrets.ts";
import type { Redactor } from "../log/redact.ts";
import { createSeal, keptKey, type Seal } from "../store/seal.ts";
import { readRow } from "../store/task-columns.ts";
import { readRecord } from "../store/workspace-columns.ts";

/**
 * Tells a redactor what the worker of this directory was given, from its files alone: nothing in them is changed. What keeps it from that,
 * in one sentence; undefined where nothing does.
 */
export function learnSecrets(configDir: string, redactor: Pick<Redactor, "add">): string | undefined {
  try {
    const secrets = openSecretStore(join(configDir, "secrets.json"), redactor);
    const seal = createSeal(...keptKey({ setting: secrets.setting, setSetting: () => undefined }));
    learnState(join(configDir, "state.db"), seal, redactor);
    return undefined;
  } catch (error) {
    return isWsError(error) ? error.message : `What the worker was given cannot be read: ${(error as Error).message}`;
  }
}

function learnState(path: string, seal: Seal, redactor: Pick<Redactor, "add">): void {
  if (!existsSync(path)) return;
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    for (const { record } of db.prepare("SELECT record FROM workspaces").all()) {
      const { id, env } = readRecord(String(record), { seal }).record;
      for (const value of Object.values(env)) redactor.add(value, id);
    }
    for (const row of db.prepare("SELECT * FROM tasks").iterate()) {
      const { workspace, spec } = readRow(row, seal) ?? {};
      const env = spec !== undefined && "env" in spec ? spec.env : {};
      for (const value of Object.values(env ?? {})) redactor.add(value, workspace);
    }
  } finally {
    db.close();
  }
}
