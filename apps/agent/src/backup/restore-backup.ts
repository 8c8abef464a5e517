import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { WsError } from "@ws/workspace-core";
import { parseConfig, valueAt } from "../config/config-file.ts";
import { makeDirectory } from "../config/directory.ts";
import { STORED } from "../config/secrets.ts";
import { SETTINGS } from "../config/settings.ts";
import { lockState } from "../store/lock.ts";
import { checkIntegrity } from "../store/database.ts";
import { MIGRATIONS } from "../store/migrations.ts";
import { PARTS } from "./entries.ts";
import { beginRestore, finishRestore, isHalfRestored } from "./finish-restore.ts";
import { removeLeftovers, SCRATCH } from "./leftovers.ts";
import { readBackup } from "./read-backup.ts";

export interface Restored {
  /** When the backup was made, ISO 8601. */
  created: string;
  /** Where what was there before lies now; absent where there was nothing. */
  before?: string;
  /** Credentials and settings that the backup names and whose secrets are not here. */
  missing: string[];
}

/**
 * Puts what a backup has in the place of what is there, which is kept beside it: all of it or, where it is cut short, nothing or the rest at the next
 * start. Throws `state_locked` while an agent runs, `backup_invalid`, `state_newer`, `config_invalid`; nothing has been changed then.
 */
export async function restoreBackup(configDir: string, file: string, now: number): Promise<Restored> {
  makeDirectory(configDir);
  using _alone = lockState(configDir);
  finishRestore(configDir);
  removeLeftovers(configDir, now);
  const staged = mkdtempSync(join(configDir, SCRATCH.restore));
  try {
    const { created } = await readBackup(file, staged);
    requireUsable(staged, file);
    const names = [...PARTS, "state.db-wal", "state.db-shm"];
    const old = names.filter((name) => existsSync(join(configDir, name)));
    const before = `before-restore-${new Date(now).toISOString().replace(/[^0-9T]/g, "")}`;
    const missing = missingSecrets(configDir, staged);
    beginRestore(configDir, { staged: basename(staged), before, old, fresh: readdirSync(staged) });
    finishRestore(configDir);
    return { created, missing, ...(old.length === 0 ? {} : { before: join(configDir, before) }) };
  } finally {
    // What was begun is finished by the next start, which needs it.
    if (!isHalfRestored(configDir)) rmSync(staged, { recursive: true, force: true });
  }
}

function requireUsable(staged: string, file: string): void {
  const path = join(staged, "state.db");
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const found = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
    const known = MIGRATIONS.length;
    if (found > known) {
      throw new WsError("state_newer", {
        message: `The state in ${file} has version ${found}; this program knows versions up to ${known}.`,
        next: "Restore it with a newer version of ws. Nothing was changed.",
        data: { found, known },
      });
    }
    if (checkIntegrity(db, "full").length > 0) throw damaged(file);
  } finally {
    db.close();
  }
  const config = join(staged, "config.json");
  if (existsSync(config)) parseConfig(readFileSync(config, "utf8"), `config.json in ${file}`);
}

function damaged(file: string): WsError {
  return new WsError("backup_invalid", {
    message: `${file} cannot be restored: its state is damaged.`,
    next: "Use another backup. Nothing was changed.",
    data: { file },
  });
}

/** By the names under which they are given again. */
function missingSecrets(configDir: string, staged: string): string[] {
  const config = join(staged, "config.json");
  if (!existsSync(config)) return [];
  const content = parseConfig(readFileSync(config, "utf8"), config);
  const secrets = join(configDir, "secrets.json");
  const known = existsSync(secrets) ? (JSON.parse(readFileSync(secrets, "utf8")) as Known) : {};
  const variables = Object.keys(content.credentials?.env ?? {})
    .filter((name) => known.env?.[name] === undefined)
    .map((name) => `env.${name}`);
  const settings = Object.keys(SETTINGS).filter(
    (key) => valueAt(content, key.split(".")) === STORED && known.settings?.[key] === undefined,
  );
  return [...variables, ...settings];
}

interface Known {
  env?: Record<string, string>;
  settings?: Record<string, string>;
}
