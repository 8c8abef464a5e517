import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Log } from "@ws/workspace-core";
import { transact } from "./database.ts";
import { columnsOf, isOpen, type Keeping, readRecord } from "./workspace-columns.ts";

/**
 * What an earlier version left open is sealed, in the state and in the copies of it that upgrades left beside it, and nothing of it stays behind
 * in these files. Where there is no room for that now, at another start.
 */
export function sealAll(db: DatabaseSync, { log, ...keeping }: Keeping & { log: Log }): void {
  const isToSeal = (copy: string): boolean => {
    try {
      return within(copy, (beside) => openIn(beside).length > 0);
    } catch (error) {
      log.warn("a copy of the state cannot be read, and may tell what workspaces were given", { copy, error });
      return false;
    }
  };
  try {
    const copies = copiesOf(db).filter(isToSeal);
    if (copies.length === 0 && openIn(db).length === 0) return;
    // Before the copies, which tell of it: what was given to a workspace that is gone may still lie in free pages.
    sealIn(db, keeping);
    for (const copy of copies) within(copy, (beside) => sealIn(beside, keeping));
  } catch (error) {
    log.warn("what workspaces were given could not be sealed in the state, or in a copy of it, yet", { error });
  }
}

function copiesOf(db: DatabaseSync): string[] {
  const state = db.location();
  if (state === null) return [];
  const before = `${basename(state)}.v`;
  const names = readdirSync(dirname(state)).filter((name) => name.startsWith(before) && name.endsWith(".backup"));
  return names.map((name) => join(dirname(state), name));
}

function within<T>(copy: string, work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(copy);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

function openIn(db: DatabaseSync): { id: string; record: string }[] {
  const rows = db.prepare("SELECT id, record FROM workspaces").all();
  return rows
    .map(({ id, record }) => ({ id: String(id), record: String(record) }))
    .filter(({ record }) => isOpen(record));
}

function sealIn(db: DatabaseSync, keeping: Keeping): void {
  const write = db.prepare("UPDATE workspaces SET record = ? WHERE id = ?");
  try {
    db.exec("PRAGMA secure_delete = ON");
    // First: earlier forms of these records lie in pages that are free, and once all is sealed nothing would tell that they do.
    db.exec("VACUUM");
    transact(db, () => {
      for (const { id, record } of openIn(db)) {
        const { record: read, unopened } = readRecord(record, keeping);
        write.run(columnsOf(read, { ...keeping, unopened }).record, id);
      }
    });
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    db.exec("PRAGMA secure_delete = OFF");
  }
}
