import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { WsError, type Log } from "@ws/workspace-core";
import { createPrivate } from "../config/directory.ts";
import { syncDirectory } from "../config/durable-file.ts";
import { MIGRATIONS } from "./migrations.ts";

/** Older engines can lose committed pages when a WAL is reset. */
const OLDEST_SQLITE = [3, 51, 3] as const;
const CORRUPT = new Set([11, 26]);

/**
 * Opens the state and brings it to the newest version, each step in one transaction with a copy kept beside it.
 * Throws `state_newer`, `state_corrupt`; neither changes the file.
 */
export function openDatabase(path: string, log: Log, migrations: readonly string[] = MIGRATIONS): DatabaseSync {
  createPrivate(path);
  return guardCorruption(path, () => {
    const db = new DatabaseSync(path);
    try {
      requireEngine(db);
      const version = versionOf(db);
      if (version > migrations.length) throw tooNew(path, version, migrations.length);
      if (version > 0) requireIntegrity(db);
      db.exec(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000",
      );
      migrate(db, path, migrations, log);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/** Everything SQLite finds wrong with the file; empty where it is sound. */
export function checkIntegrity(db: DatabaseSync, depth: "quick" | "full"): string[] {
  const rows = db.prepare(depth === "quick" ? "PRAGMA quick_check(5)" : "PRAGMA integrity_check(20)").all();
  return rows.map((row) => String(Object.values(row)[0])).filter((line) => line !== "ok");
}

/** Runs the work in one transaction; a throw leaves nothing of it. */
export function transact<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/** Runs the work without waiting for the disk, in order with all else that is written. Not within a transaction. */
export function unsynced(db: DatabaseSync, work: () => void): void {
  db.exec("PRAGMA synchronous = NORMAL");
  try {
    work();
  } finally {
    db.exec("PRAGMA synchronous = FULL");
  }
}

function migrate(db: DatabaseSync, path: string, migrations: readonly string[], log: Log): void {
  const isNew = versionOf(db) === 0;
  for (let version = versionOf(db); version < migrations.length; version += 1) {
    if (!isNew) {
      const copy = backup(db, path, version);
      log.info("updating the state; a copy is kept", { from: version, to: version + 1, copy });
    }
    transact(db, () => {
      db.exec(migrations[version] ?? "");
      db.exec(`PRAGMA user_version = ${version + 1}`);
    });
  }
}

/** A consistent copy including what is still in the WAL. One that a crash cut short is made again. */
function backup(db: DatabaseSync, path: string, version: number): string {
  const copy = `${path}.v${version}.backup`;
  if (existsSync(copy)) rmSync(copy);
  createPrivate(copy);
  db.prepare("VACUUM INTO ?").run(copy);
  syncDirectory(dirname(path));
  return copy;
}

/** Throws `state_newer` where the file was written by a newer version; touches nothing. One that is not there is none. */
export function requireKnown(path: string, migrations: readonly string[] = MIGRATIONS): void {
  if (!existsSync(path)) return;
  guardCorruption(path, () => {
    using db = new DatabaseSync(path, { readOnly: true });
    const version = versionOf(db);
    if (version > migrations.length) throw tooNew(path, version, migrations.length);
  });
}

function requireEngine(db: DatabaseSync): void {
  const found = String(db.prepare("SELECT sqlite_version() AS version").get()?.["version"]);
  const parts = found.split(".").map(Number);
  const index = OLDEST_SQLITE.findIndex((wanted, at) => wanted !== parts[at]);
  if (index === -1 || (parts[index] ?? 0) > (OLDEST_SQLITE[index] ?? 0)) return;
  throw new Error(`SQLite ${found} is too old; ${OLDEST_SQLITE.join(".")} is needed. Use the pinned Node.`);
}

function versionOf(db: DatabaseSync): number {
  return Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
}

function requireIntegrity(db: DatabaseSync): void {
  const problems = checkIntegrity(db, "quick");
  if (problems.length > 0) throw Object.assign(new Error(problems.join("; ")), { errcode: 11 });
}

function tooNew(path: string, found: number, known: number): WsError {
  return new WsError("state_newer", {
    message: `${path} has version ${found}; this program knows versions up to ${known}.`,
    next: "Start a newer version of ws, or use another WS_CONFIG_DIR.",
    data: { found, known },
  });
}

function guardCorruption<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { errcode } = error as { errcode?: number };
    if (errcode === undefined || !CORRUPT.has(errcode & 0xff)) throw error;
    const newest = newestCopy(path);
    // SQLite would write the old log over whatever state is put beside it.
    const away = `Move ${path} away, with ${basename(path)}-wal and ${basename(path)}-shm where they are there`;
    throw new WsError("state_corrupt", {
      message: `${path} is damaged and was left as it is.`,
      next:
        newest === undefined
          ? `${away}, to start with empty state; running workspaces keep their homes.`
          : `${away}, and put the newest copy in its place: cp ${newest} ${path}.`,
      data: { file: path },
      cause: error,
    });
  }
}

/** Of the copies that upgrades left, the one of the highest version. */
export function newestCopy(path: string): string | undefined {
  const prefix = `${basename(path)}.v`;
  const versions = readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix))
    .map((name) => /^(\d+)\.backup$/.exec(name.slice(prefix.length))?.[1])
    .filter((version) => version !== undefined)
    .map(Number);
  return versions.length === 0 ? undefined : `${path}.v${Math.max(...versions)}.backup`;
}
