import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Insist } from "./insist.ts";

/** A worker that reaches this agent by itself. Times are milliseconds since the epoch, by this agent's clock. */
export interface WorkerRecord {
  id: string;
  name: string;
  /** The id of the token that it comes with. */
  token: string;
  /** Which worker it is, once it has been there: the token is of no use to another. */
  instance?: string;
  addedAt: number;
  lastSeen?: number;
  /** What it told of itself last. */
  status?: unknown;
}

export interface WorkerStore {
  /** Undefined where the name is taken. */
  insert(worker: { name: string; token: string; addedAt: number }): WorkerRecord | undefined;
  get(nameOrId: string): WorkerRecord | undefined;
  ofToken(token: string): WorkerRecord | undefined;
  list(): WorkerRecord[];
  bind(id: string, instance: string): void;
  seen(id: string, at: number, status?: unknown): void;
  /** False where the name is taken. */
  rename(id: string, name: string): boolean;
  remove(id: string): void;
}

/** Workers in the state's database, on disk once a call has returned. */
export function createWorkerStore(db: DatabaseSync, insist: Insist): WorkerStore {
  const sql = {
    insert: db.prepare(
      "INSERT INTO workers (id, name, token, added_at) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING RETURNING *",
    ),
    get: db.prepare("SELECT * FROM workers WHERE id = ?1 OR name = ?1 ORDER BY id = ?1 DESC LIMIT 1"),
    ofToken: db.prepare("SELECT * FROM workers WHERE token = ?"),
    list: db.prepare("SELECT * FROM workers ORDER BY name"),
    bind: db.prepare("UPDATE workers SET instance = ? WHERE id = ?"),
    seen: db.prepare("UPDATE workers SET last_seen = ?, status = coalesce(?, status) WHERE id = ?"),
    rename: db.prepare("UPDATE OR IGNORE workers SET name = ? WHERE id = ?"),
    remove: db.prepare("DELETE FROM workers WHERE id = ?"),
  };
  return {
    insert({ name, token, addedAt }) {
      const row = sql.insert.get(`wk-${randomBytes(6).toString("hex")}`, name, token, addedAt);
      return row === undefined ? undefined : toRecord(row);
    },
    get: (nameOrId) => optional(sql.get.get(nameOrId)),
    ofToken: (token) => optional(sql.ofToken.get(token)),
    list: () => sql.list.all().map(toRecord),
    bind: (id, instance) => void sql.bind.run(instance, id),
    seen: (id, at, status) => void sql.seen.run(at, status === undefined ? null : JSON.stringify(status), id),
    rename: (id, name) => sql.rename.run(name, id).changes === 1,
    remove: (id) => void insist(() => sql.remove.run(id)),
  };
}

type Row = Record<string, unknown>;

function optional(row: Row | undefined): WorkerRecord | undefined {
  return row === undefined ? undefined : toRecord(row);
}

function toRecord(row: Row): WorkerRecord {
  const { instance, last_seen: seen, status } = row;
  return {
    id: String(row["id"]),
    name: String(row["name"]),
    token: String(row["token"]),
    addedAt: Number(row["added_at"]),
    ...(typeof instance === "string" ? { instance } : {}),
    ...(seen === null ? {} : { lastSeen: Number(seen) }),
    ...(typeof status === "string" ? { status: JSON.parse(status) as unknown } : {}),
  };
}
