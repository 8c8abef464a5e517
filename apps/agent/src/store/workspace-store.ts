import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  isWsError,
  workspaceNotFound,
  WsError,
  type Log,
  type LogEntry,
  type Store,
  type WorkspaceId,
  type WorkspaceRecord,
} from "@ws/workspace-core";
import type { Redactor } from "../log/redact.ts";
import { transact, unsynced } from "./database.ts";
import type { Insist } from "./insist.ts";
import type { Seal } from "./seal.ts";
import { sealAll } from "./seal-all.ts";
import { columnsOf, isUnreadable, type Read, readRecord } from "./workspace-columns.ts";

/** Lines kept per workspace. */
const LOG_LINES = 5_000;
const CONSTRAINT_UNIQUE = 2067;
/** Programs of a workspace that is gone are still heard, and the agent's log still speaks of it. */
const LAST_WORDS_MS = 10 * 60_000;

export interface WorkspaceStoreOptions {
  redactor: Pick<Redactor, "add" | "clean" | "drop">;
  log: Log;
  /** Closes what a record has that a copy of the file must not tell. */
  seal: Seal;
  /** What must be written also on a full disk. */
  insist?: Insist;
}

/**
 * The durable `Store`: a record is on disk once the call has returned; a line of a log outlives the agent, not a power cut,
 * and is lost on a full disk.
 */
export function createWorkspaceStore(db: DatabaseSync, options: WorkspaceStoreOptions): Store {
  const { redactor, log, seal, insist = (work) => work() } = options;
  const sql = statements(db);
  /** The live ones, so that a list of hundreds that have not changed parses none of them. */
  const parsed = new Map<WorkspaceId, Read>();
  /** Those that are gone and whose secrets are not yet forgotten, with when. */
  const gone = new Map<WorkspaceId, number>();
  let appended = 0;
  let losing = false;

  sealAll(db, { redactor, seal, log });
  tellUnreadable();
  for (const record of list(0)) conceal(record);

  function tellUnreadable(): void {
    const rows = db.prepare("SELECT name, record FROM workspaces WHERE live = 1").all();
    const names = rows.filter(({ record }) => isUnreadable(String(record), { seal })).map(({ name }) => String(name));
    if (names.length === 0) return;
    log.warn("variables that workspaces were given cannot be read: their key is not in secrets.json; give them again", {
      names,
    });
  }

  function get(id: WorkspaceId): WorkspaceRecord | undefined {
    return read(id)?.record;
  }

  function read(id: WorkspaceId): Read | undefined {
    const known = parsed.get(id);
    if (known !== undefined) return known;
    const row = sql.get.get(id);
    if (row === undefined) return undefined;
    const found = readRecord(String(row["record"]), { seal });
    if (found.record.phase !== "cleaned_up") parsed.set(id, found);
    return found;
  }

  function find(row: Record<string, unknown> | undefined): WorkspaceRecord | undefined {
    return row === undefined ? undefined : get(row["id"] as WorkspaceId);
  }

  function list(live: 0 | 1): WorkspaceRecord[] {
    return sql.list.all(live).flatMap((row) => find(row) ?? []);
  }

  /** What a workspace was given is kept as it is, because its processes need it, and must come out in none of its texts. */
  function conceal(record: WorkspaceRecord): void {
    for (const value of Object.values(record.env)) redactor.add(value, record.id);
  }

  /** At each change, so that nothing has to wait for it: what was given to thousands would otherwise be kept for good. */
  function forgetSecrets({ id, phase, updatedAt }: WorkspaceRecord): void {
    if (phase === "cleaned_up") gone.set(id, updatedAt);
    else gone.delete(id);
    const over = [...gone].filter(([, since]) => updatedAt - since > LAST_WORDS_MS).map(([other]) => other);
    if (over.length === 0) return;
    for (const other of over) gone.delete(other);
    redactor.drop(over);
  }

  function save(statement: StatementSync, record: WorkspaceRecord): number {
    conceal(record);
    const { unopened } = read(record.id) ?? { unopened: [] };
    parsed.delete(record.id);
    try {
      const { changes } = statement.run(columnsOf(record, { redactor, seal, unopened }));
      // Only now: a workspace whose end could not be written lives on.
      forgetSecrets(record);
      return Number(changes);
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== CONSTRAINT_UNIQUE) throw error;
      throw new WsError("name_taken", {
        message: `A workspace named '${record.name}' exists already.`,
        next: `Use another name, or 'ws start ${record.name}' for the existing one.`,
        data: { name: record.name },
      });
    }
  }

  return {
    insert(record) {
      save(sql.insert, record);
    },
    update(record) {
      const write = (): number => save(sql.update, record);
      const changed = givesBack(record) || givesBack(get(record.id)) ? insist(write) : write();
      if (changed > 0) return;
      throw workspaceNotFound(record.name, { list: () => list(1) });
    },
    get,
    getByName: (name) => find(sql.getByName.get(name)),
    getByRequest: (key) => find(sql.getByRequest.get(key)),
    list: (options) => list(options?.cleanedUp === true ? 0 : 1),
    forget(before) {
      if (sql.forgettable.get(before) === undefined) return;
      transact(db, () => {
        sql.forgetLog.run(before);
        sql.forget.run(before);
      });
    },
    appendLog(id, { at, source, line }) {
      try {
        unsynced(db, () => {
          sql.append.run(id, at, source, redactor.clean(line, id));
          appended += 1;
          // Cut now and then: a delete per line would double the writes.
          if (appended % 500 === 0) sql.trim.run(id, id, LOG_LINES);
        });
        losing = false;
      } catch (error) {
        // What it tells of goes on all the same.
        if (!isWsError(error, "disk_full")) throw error;
        if (!losing) log.warn("the disk is full; lines of the workspaces' logs are lost");
        losing = true;
      }
    },
    readLog: (id, tail) => readTail(sql.tail, id, Math.min(tail ?? LOG_LINES, LOG_LINES)),
  };
}

/** What belongs to a stop or a delete, its end included, which a record without the operation tells. */
function givesBack(record: WorkspaceRecord | undefined): boolean {
  const kind = record?.operation?.kind;
  return kind === "stop" || kind === "delete" || record?.phase === "cleaned_up";
}

function statements(db: DatabaseSync) {
  const fields = "name, live, request_key, created_at, updated_at, record";
  return {
    insert: db.prepare(
      `INSERT INTO workspaces (id, ${fields}) VALUES (:id, :name, :live, :request_key, :created_at, :updated_at, :record)`,
    ),
    update: db.prepare(
      `UPDATE workspaces SET name = :name, live = :live, request_key = :request_key, created_at = :created_at,
       updated_at = :updated_at, record = :record WHERE id = :id`,
    ),
    get: db.prepare("SELECT record FROM workspaces WHERE id = ?"),
    getByName: db.prepare("SELECT id FROM workspaces WHERE name = ? AND live = 1"),
    getByRequest: db.prepare("SELECT id FROM workspaces WHERE request_key = ? AND live = 1"),
    list: db.prepare("SELECT id FROM workspaces WHERE live >= ? ORDER BY created_at, id"),
    forgettable: db.prepare("SELECT 1 FROM workspaces WHERE live = 0 AND updated_at < ? LIMIT 1"),
    forget: db.prepare("DELETE FROM workspaces WHERE live = 0 AND updated_at < ?"),
    forgetLog: db.prepare(
      "DELETE FROM workspace_log WHERE workspace IN (SELECT id FROM workspaces WHERE live = 0 AND updated_at < ?)",
    ),
    append: db.prepare("INSERT INTO workspace_log (workspace, at, source, line) VALUES (?, ?, ?, ?)"),
    trim: db.prepare(
      `DELETE FROM workspace_log WHERE workspace = ? AND seq <= (
         SELECT seq FROM workspace_log WHERE workspace = ? ORDER BY seq DESC LIMIT 1 OFFSET ?)`,
    ),
    tail: db.prepare("SELECT at, source, line FROM workspace_log WHERE workspace = ? ORDER BY seq DESC LIMIT ?"),
  };
}

function readTail(statement: StatementSync, id: WorkspaceId, count: number): LogEntry[] {
  const rows = statement.all(id, count).reverse();
  return rows.map(({ at, source, line }) => ({
    at: Number(at),
    source: source as LogEntry["source"],
    line: String(line),
  }));
}
