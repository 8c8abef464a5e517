import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isWsError, WsError, type Log } from "@ws/workspace-core";
import { parseConfig, valueAt } from "../config/config-file.ts";
import { makeDirectory } from "../config/directory.ts";
import { openSecretStore, STORED } from "../config/secrets.ts";
import { SETTINGS } from "../config/settings.ts";
import { checkIntegrity, openDatabase } from "../store/database.ts";
import { diskFull, isFull } from "../store/disk-full.ts";
import { MIGRATIONS } from "../store/migrations.ts";
import { PARTS, SECRETS } from "./entries.ts";
import { beginRestore, finishRestore, isHalfRestored } from "./finish-restore.ts";
import { keepOut, type KeptOut } from "./keep-out.ts";
import { leftBehind, type LeftBehind } from "./left-behind.ts";
import { removeLeftovers, SCRATCH } from "./leftovers.ts";
import { lockForRestore } from "./lock-for-restore.ts";
import { readBackup } from "./read-backup.ts";
import { openSecrets, SECRET_FILES, type Passphrase } from "./secret-files.ts";

export interface Restored {
  /** When the backup was made, ISO 8601. */
  created: string;
  /** Where what was there before lies now; absent where there was nothing. */
  before?: string;
  /** Credentials and settings that the backup names and whose secrets are not here. */
  missing: string[];
  /** Of the secrets: whether the backup has none, has some that were not asked for, or they were restored. */
  secrets: "none" | "left" | "restored";
  /** Who is let in from now on, and who no longer because the state that was replaced had revoked them. */
  access: KeptOut;
  newer: LeftBehind;
}

export interface RestoreOptions {
  now: number;
  /** Opens the backup's secrets, which take the place of those that are there. */
  passphrase?: Passphrase;
}

/**
 * Puts what a backup has in the place of what is there, which is kept beside it: all of it or, where it is cut short, nothing or the rest at the next
 * start. Throws `state_locked` while an agent runs, `backup_invalid`, `passphrase_wrong`, `state_newer`, `config_invalid`, `disk_full`; nothing has been
 * changed then.
 */
export async function restoreBackup(
  configDir: string,
  file: string,
  { now, passphrase }: RestoreOptions,
): Promise<Restored> {
  makeDirectory(configDir);
  using _alone = lockForRestore(configDir);
  finishRestore(configDir);
  removeLeftovers(configDir, now);
  const staged = mkdtempSync(join(configDir, SCRATCH.restore));
  try {
    const { created } = await readBackup(file, staged);
    const access = prepareState(staged, { file, replaced: join(configDir, "state.db"), now });
    const secrets = await prepareSecrets(staged, file, passphrase);
    const missing = missingSecrets(secrets === "restored" ? staged : configDir, staged);
    // Those that the backup lacks go away, too: what is restored is that worker, and not half of this one.
    const replaced = secrets === "restored" ? SECRET_FILES : [];
    const isThere = (directory: string) => (name: string) => existsSync(join(directory, name));
    const fresh = [...readdirSync(staged).filter((name) => !hasSecrets(name)), ...replaced.filter(isThere(staged))];
    const old = [...readdirSync(configDir).filter(isReplaced), ...replaced.filter(isThere(configDir))];
    const before = freeName(configDir, `before-restore-${new Date(now).toISOString().replace(/[^0-9T]/g, "")}`);
    const newer = await leftBehind(configDir, staged, join(configDir, before));
    beginRestore(configDir, { staged: basename(staged), before, old, fresh });
    finishRestore(configDir);
    return {
      created,
      missing,
      secrets,
      access,
      newer,
      ...(old.length === 0 ? {} : { before: join(configDir, before) }),
    };
  } catch (error) {
    throw isFull(error) ? diskFull(error) : error;
  } finally {
    // What was begun is finished by the next start, which needs it.
    if (!isHalfRestored(configDir)) rmSync(staged, { recursive: true, force: true });
  }
}

/** Of these single files are moved: what lies beside them is not the worker's. */
function hasSecrets(name: string): boolean {
  return SECRET_FILES.some((file) => file === name || file.startsWith(`${name}/`));
}

/** What a backup may have, whether this one does or not, and what belongs to a state: its log, and copies that upgrades left of it. */
function isReplaced(name: string): boolean {
  return (PARTS as readonly string[]).includes(name) || /^state\.db(?:-wal|-shm|\.v\d+\.backup)$/.test(name);
}

function freeName(directory: string, wanted: string): string {
  for (let next = wanted, count = 2; ; next = `${wanted}-${count++}`)
    if (!existsSync(join(directory, next))) return next;
}

/** Brings the state to this version, and keeps those out who were revoked after it was written. */
function prepareState(
  staged: string,
  { file, replaced, now }: { file: string; replaced: string; now: number },
): KeptOut {
  requireUsable(staged, file);
  const path = join(staged, "state.db");
  try {
    const db = openDatabase(path, SILENT);
    try {
      return keepOut(db, replaced, now);
    } finally {
      db.close();
      // Of the version that the backup has; the backup itself is a better copy.
      for (const name of readdirSync(staged)) if (/\.v\d+\.backup$/.test(name)) rmSync(join(staged, name));
    }
  } catch (error) {
    if (isFull(error)) throw error;
    throw damaged(file, error);
  }
}

const SILENT: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

async function prepareSecrets(staged: string, file: string, passphrase?: Passphrase): Promise<Restored["secrets"]> {
  const path = join(staged, SECRETS);
  if (!existsSync(path)) {
    if (passphrase === undefined) return "none";
    throw new WsError("invalid_input", {
      message: `${file} has no secrets in it.`,
      next: "Restore it without them: leave --secrets out.",
      data: { field: "secrets" },
    });
  }
  const closed = readFileSync(path);
  rmSync(path);
  if (passphrase === undefined) return "left";
  try {
    await openSecrets(closed, passphrase, staged);
    openSecretStore(join(staged, "secrets.json"), { add: () => undefined });
  } catch (error) {
    if (isWsError(error, "passphrase_wrong") || isWsError(error, "disk_full")) throw error;
    throw damaged(file, error, "its secrets are");
  }
  return "restored";
}

function requireUsable(staged: string, file: string): void {
  const db = new DatabaseSync(join(staged, "state.db"), { readOnly: true });
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
    if (found === 0 || checkIntegrity(db, "full").length > 0) throw damaged(file);
  } catch (error) {
    throw isWsError(error) ? error : damaged(file, error);
  } finally {
    db.close();
  }
  const config = join(staged, "config.json");
  if (existsSync(config)) parseConfig(readFileSync(config, "utf8"), `config.json in ${file}`);
}

function damaged(file: string, cause?: unknown, what = "its state is"): WsError {
  return new WsError("backup_invalid", {
    message: `${file} cannot be restored: ${what} damaged.`,
    next: "Use another backup. Nothing was changed.",
    data: { file },
    cause,
  });
}

/** By the names under which they are given again. Throws `config_invalid` where those that are here cannot be read. */
function missingSecrets(kept: string, staged: string): string[] {
  const config = join(staged, "config.json");
  if (!existsSync(config)) return [];
  const content = parseConfig(readFileSync(config, "utf8"), config);
  const secrets = openSecretStore(join(kept, "secrets.json"), { add: () => undefined });
  const variables = Object.keys(content.credentials?.env ?? {})
    .filter((name) => secrets.get(name) === undefined)
    .map((name) => `env.${name}`);
  const settings = Object.keys(SETTINGS).filter(
    (key) => valueAt(content, key.split(".")) === STORED && secrets.setting(key) === undefined,
  );
  return [...variables, ...settings];
}
