import type { DatabaseSync } from "node:sqlite";
import {
  isFinal,
  TASK_STATUSES,
  keyedIn,
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
import type { Seal } from "./seal.ts";
import { columnsOf, isUnreadable, readRow, readShown, type TaskRow } from "./task-columns.ts";

/** Tasks in the state's database. That one is over, or is to be, is written also on a full disk. */
export function createTaskStore(
  db: DatabaseSync,
  options: {
    redactor: Pick<Redactor, "add" | "clean">;
    seal: Seal;
    insist?: Insist;
    /** Called in the transaction in which a task comes to its end: what it writes is there if and only if that is. */
    over?: (record: TaskRecord) => void;
  },
): TaskStore {
  const { redactor, seal, insist = (work) => work(), over } = options;
  const toRecord = (row: TaskRow): TaskRecord | undefined => readRow(row, seal);
  const columns = (record: TaskRecord) => columnsOf(record, { redactor, seal });
  const sql = {
    insert: db.prepare(
      `INSERT INTO tasks (id, workspace, keyed_in, key, status, live, completed_at, record, given)
       VALUES (:id, :workspace, :keyed_in, :key, :status, :live, :completed_at, :record, :given)`,
    ),
    update: db.prepare(
      `UPDATE tasks SET workspace = :workspace, status = :status, live = :live, completed_at = :completed_at, record = :record, given = :given
       WHERE id = :id AND live = 1`,
    ),
    get: db.prepare("SELECT record, given FROM tasks WHERE id = ?"),
    getByKey: db.prepare("SELECT record, given FROM tasks WHERE keyed_in = ? AND key = ?"),
    latestRetry: db.prepare(
      `WITH RECURSIVE tries (id) AS (
         VALUES (:id) UNION SELECT tasks.id FROM tries JOIN tasks ON json_extract(tasks.record, '$.retryOf') = tries.id
       )
       SELECT record, given FROM tasks WHERE id IN tries ORDER BY seq DESC LIMIT 1`,
    ),
    live: db.prepare("SELECT record, given FROM tasks WHERE live = 1 ORDER BY seq"),
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
    limits: db.prepare("SELECT account, until, times FROM account_limits"),
    limit: db.prepare(
      `INSERT INTO account_limits (account, until, times) VALUES (:account, :until, :times)
       ON CONFLICT (account) DO UPDATE SET until = excluded.until, times = excluded.times`,
    ),
    unlimit: db.prepare("DELETE FROM account_limits WHERE account = ?"),
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

  /** Whether it was not over yet. */
  function end(record: TaskRecord): boolean {
    return insist(() =>
      transact(db, () => {
        const isEnd = sql.update.run(columns(record)).changes > 0;
        if (isEnd) over?.(record);
        return isEnd;
      }),
    );
  }

  for (const row of sql.live.all()) {
    const record = toRecord(row);
    if (record !== undefined) conceal(record);
    // Without what it was given it would do something else than was asked for.
    if (record !== undefined && record.status !== "running" && isUnreadable(row, seal)) end(unread(record));
  }

  return {
    insert(record) {
      conceal(record);
      transact(db, () => {
        const { id, key } = record;
        const keyed_in = keyedIn(record);
        const twin = key === undefined ? undefined : getByKey(keyed_in, key);
        if (twin !== undefined) throw keyTaken(twin);
        if (get(id) !== undefined) throw idTaken(id);
        sql.insert.run({ ...columns(record), keyed_in, key: key ?? null });
      });
    },
    update(record) {
      // Also in the workspace that it has got by now.
      if (record.lease?.id !== undefined) conceal(record);
      const write = (): boolean => sql.update.run(columns(record)).changes > 0;
      const isWritten = isFinal(record.status) ? end(record) : record.cancelling === true ? insist(write) : write();
      if (isWritten) return;
      const known = get(record.id);
      throw known === undefined ? taskNotFound(record.id) : taskOver(known);
    },
    get,
    getByKey,
    latestRetry: (id) => toRecord(sql.latestRetry.get({ id })),
    list({ workspace, statuses = TASK_STATUSES, limit = -1, before } = {}) {
      // One that is not there has nothing before it.
      const last = before === undefined ? Number.MAX_SAFE_INTEGER : 0;
      const asked = { statuses: JSON.stringify(statuses), limit, before: before ?? null, last };
      const rows = workspace === undefined ? sql.list.all(asked) : sql.listOf.all({ ...asked, workspace });
      return rows.flatMap((row) => readShown(row) ?? []);
    },
    live: () => sql.live.all().flatMap((row) => toRecord(row) ?? []),
    forget(before) {
      sql.forget.run(before);
    },
    limits: () =>
      sql.limits.all().map(({ account, until, times }) => ({
        account: String(account),
        until: Number(until),
        times: Number(times),
      })),
    limit({ account, until, times }) {
      sql.limit.run({ account, until: Math.trunc(until), times });
    },
    unlimit(account) {
      sql.unlimit.run(account);
    },
  };
}

function unread(record: TaskRecord): TaskRecord {
  const message =
    "The variables and the input that it was given cannot be read any more: their key is not in secrets.json.";
  const error = { code: "config_invalid", message, next: "Ask for it anew, with them." };
  const at = record.startedAt ?? record.createdAt;
  return { ...record, status: "failed", completedAt: at, changedAt: at, error };
}

function idTaken(id: TaskId): Error {
  return new WsError("internal", { message: `The task ${id} exists.`, data: {} });
}
