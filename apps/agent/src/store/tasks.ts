import type { DatabaseSync } from "node:sqlite";
import {
  frozen,
  isFinal,
  TASK_STATUSES,
  keyTaken,
  type TaskId,
  taskNotFound,
  taskOver,
  type TaskQuestion,
  type TaskRecord,
  type TaskSpec,
  type TaskStore,
  type WorkspaceId,
  WsError,
} from "@ws/workspace-core";
import type { Redactor } from "../log/redact.ts";
import { transact } from "./database.ts";
import type { Insist } from "./insist.ts";
import type { Seal } from "./seal.ts";

/** Tasks in the state's database. That one is over, or is to be, is written also on a full disk. */
export function createTaskStore(
  db: DatabaseSync,
  options: { redactor: Pick<Redactor, "add" | "clean">; seal: Seal; insist?: Insist },
): TaskStore {
  const { redactor, seal, insist = (work) => work() } = options;
  const toRecord = (row: Row): TaskRecord | undefined => readRow(row, seal);
  const columns = (record: TaskRecord) => columnsOf(record, { redactor, seal });
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

  for (const row of sql.live.all()) {
    const record = toRecord(row);
    if (record !== undefined) conceal(record);
    // Without what it was given it would do something else than was asked for.
    if (record !== undefined && record.status !== "running" && isUnreadable(row, seal))
      sql.update.run(columns(unread(record)));
  }

  return {
    insert(record) {
      conceal(record);
      transact(db, () => {
        const { id, workspace, key } = record;
        const twin = key === undefined ? undefined : getByKey(workspace, key);
        if (twin !== undefined) throw keyTaken(twin);
        if (get(id) !== undefined) throw idTaken(id);
        sql.insert.run({ ...columns(record), workspace, key: key ?? null });
      });
    },
    update(record) {
      const write = (): number => Number(sql.update.run(columns(record)).changes);
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

type Row = Record<string, unknown> | undefined;

/** A record as it is written: what its program is given may hold secrets, and lies in it sealed. */
type Written = Omit<TaskRecord, "spec"> & { spec: TaskSpec & { sealed?: string } };

function parse(row: Row): Written | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row["record"])) as Written);
}

function readRow(row: Row, seal: Seal): TaskRecord | undefined {
  const written = parse(row);
  if (written?.spec.sealed === undefined) return written === undefined ? undefined : frozen(written);
  const { sealed, ...spec } = written.spec;
  const given = JSON.parse(seal.open(sealed, written.id) ?? "{}") as object;
  return frozen({ ...written, spec: { ...spec, ...given } });
}

function isUnreadable(row: Row, seal: Seal): boolean {
  const { id = "", spec } = parse(row) ?? {};
  return spec?.sealed !== undefined && seal.open(spec.sealed, id) === undefined;
}

function unread(record: TaskRecord): TaskRecord {
  const message =
    "The variables and the input that it was given cannot be read any more: their key is not in secrets.json.";
  const error = { code: "config_invalid", message, next: "Ask for it anew, with them." };
  return { ...record, status: "failed", completedAt: record.startedAt ?? record.createdAt, error };
}

function columnsOf(record: TaskRecord, { redactor, seal }: { redactor: Pick<Redactor, "clean">; seal: Seal }) {
  return {
    id: record.id,
    status: record.status,
    live: isFinal(record.status) ? 0 : 1,
    completed_at: record.completedAt ?? null,
    record: JSON.stringify({ ...withoutSecrets(record, redactor), spec: sealedSpec(record, seal) }),
  };
}

function sealedSpec({ spec, id }: TaskRecord, seal: Seal): Written["spec"] {
  if (spec.kind !== "command") return spec;
  const { env, stdin, ...plain } = spec;
  if (env === undefined && stdin === undefined) return plain;
  return { ...plain, sealed: seal.close(JSON.stringify({ env, stdin }), id) };
}

/** What was said on the way may hold a secret. */
function withoutSecrets(record: TaskRecord, { clean }: Pick<Redactor, "clean">): TaskRecord {
  const { workspace, error, waits, result, question } = record;
  return {
    ...record,
    ...(result === undefined ? {} : { result: clean(result, workspace) }),
    ...(question === undefined ? {} : { question: cleanQuestion(question, (text) => clean(text, workspace)) }),
    ...(error === undefined ? {} : { error: { ...error, message: clean(error.message, workspace) } }),
    ...(waits === undefined ? {} : { waits: { ...waits, message: clean(waits.message, workspace) } }),
  };
}

function cleanQuestion({ options, ...question }: TaskQuestion, clean: (text: string) => string): TaskQuestion {
  return {
    ...question,
    text: clean(question.text),
    ...(options === undefined ? {} : { options: options.map(clean) }),
  };
}

function idTaken(id: TaskId): Error {
  return new WsError("internal", { message: `The task ${id} exists.`, data: {} });
}
