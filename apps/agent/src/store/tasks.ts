import type { DatabaseSync } from "node:sqlite";
import {
  frozen,
  isFinal,
  TASK_STATUSES,
  keyTaken,
  type TaskId,
  taskNotFound,
  taskOver,
  type TaskRecord,
  type TaskStore,
  type WorkspaceId,
  WsError,
} from "@ws/workspace-core";
import type { Redactor } from "../log/redact.ts";
import { transact } from "./database.ts";
import type { Insist } from "./insist.ts";

/** Tasks in the state's database. That one is over, or is to be, is written also on a full disk. */
export function createTaskStore(
  db: DatabaseSync,
  options: { redactor: Pick<Redactor, "add" | "clean">; insist?: Insist },
): TaskStore {
  const { redactor, insist = (work) => work() } = options;
  const sql = {
    insert: db.prepare(
      `INSERT INTO tasks (id, workspace, key, status, live, completed_at, record)
       VALUES (:id, :workspace, :key, :status, :live, :completed_at, :record)`,
    ),
    update: db.prepare(
      `UPDATE tasks SET status = :status, live = :live, completed_at = :completed_at, record = :record
       WHERE id = :id AND live = 1`,
    ),
    get: db.prepare("SELECT record FROM tasks WHERE id = ?"),
    getByKey: db.prepare("SELECT record FROM tasks WHERE workspace = ? AND key = ?"),
    live: db.prepare("SELECT record FROM tasks WHERE live = 1 ORDER BY seq"),
    list: db.prepare(
      `SELECT record FROM tasks WHERE seq < coalesce((SELECT seq FROM tasks WHERE id = :before), :last)
       AND status IN (SELECT value FROM json_each(:statuses)) ORDER BY seq DESC LIMIT :limit`,
    ),
    listOf: db.prepare(
      `SELECT record FROM tasks WHERE workspace = :workspace
       AND seq < coalesce((SELECT seq FROM tasks WHERE id = :before), :last)
       AND status IN (SELECT value FROM json_each(:statuses)) ORDER BY seq DESC LIMIT :limit`,
    ),
    forget: db.prepare("DELETE FROM tasks WHERE live = 0 AND completed_at < ?"),
  };

  function get(id: TaskId): TaskRecord | undefined {
    return toRecord(sql.get.get(id));
  }

  function getByKey(workspace: WorkspaceId, key: string): TaskRecord | undefined {
    return toRecord(sql.getByKey.get(workspace, key));
  }

  /** What it was given is kept as it is, because its program needs it, and must come out in none of its workspace's texts. */
  function conceal({ spec, workspace }: TaskRecord): void {
    if (spec.kind !== "command") return;
    for (const value of Object.values(spec.env ?? {})) redactor.add(value, workspace);
  }

  for (const record of sql.live.all().flatMap((row) => toRecord(row) ?? [])) conceal(record);

  return {
    insert(record) {
      conceal(record);
      transact(db, () => {
        const { id, workspace, key } = record;
        const twin = key === undefined ? undefined : getByKey(workspace, key);
        if (twin !== undefined) throw keyTaken(twin);
        if (get(id) !== undefined) throw idTaken(id);
        sql.insert.run({ ...columns(record, redactor), workspace, key: key ?? null });
      });
    },
    update(record) {
      const write = (): number => Number(sql.update.run(columns(record, redactor)).changes);
      const changes = isFinal(record.status) || record.cancelling === true ? insist(write) : write();
      if (changes > 0) return;
      const known = get(record.id);
      throw known === undefined ? taskNotFound(record.id) : taskOver(known);
    },
    get,
    getByKey,
    list({ workspace, statuses = TASK_STATUSES, limit = -1, before } = {}) {
      // One that is not there has nothing before it.
      const last = before === undefined ? Number.MAX_SAFE_INTEGER : 0;
      const asked = { statuses: JSON.stringify(statuses), limit, before: before ?? null, last };
      const rows = workspace === undefined ? sql.list.all(asked) : sql.listOf.all({ ...asked, workspace });
      return rows.flatMap((row) => toRecord(row) ?? []);
    },
    live: () => sql.live.all().flatMap((row) => toRecord(row) ?? []),
    forget(before) {
      sql.forget.run(before);
    },
  };
}

function toRecord(row: Record<string, unknown> | undefined): TaskRecord | undefined {
  return row === undefined ? undefined : frozen(JSON.parse(String(row["record"])) as TaskRecord);
}

function columns(record: TaskRecord, redactor: Pick<Redactor, "clean">) {
  return {
    id: record.id,
    status: record.status,
    live: isFinal(record.status) ? 0 : 1,
    completed_at: record.completedAt ?? null,
    record: JSON.stringify(withoutSecrets(record, redactor)),
  };
}

/** What was said on the way may hold a secret. */
function withoutSecrets(record: TaskRecord, { clean }: Pick<Redactor, "clean">): TaskRecord {
  const { workspace, error, waits } = record;
  return {
    ...record,
    ...(error === undefined ? {} : { error: { ...error, message: clean(error.message, workspace) } }),
    ...(waits === undefined ? {} : { waits: { ...waits, message: clean(waits.message, workspace) } }),
  };
}

function idTaken(id: TaskId): Error {
  return new WsError("internal", { message: `The task ${id} exists.`, data: {} });
}
