import type { DatabaseSync } from "node:sqlite";
import { frozen, WsError, type Grant, type GrantStore } from "@ws/workspace-core";
import type { Insist } from "./insist.ts";

/** Grants, on disk once the call has returned. None of them holds a secret. */
export function createGrantStore(db: DatabaseSync, insist: Insist = (work) => work()): GrantStore {
  const sql = statements(db);
  return {
    insert(grant) {
      sql.insert.run(columns(grant));
    },
    update(grant) {
      const write = (): number => Number(sql.update.run(columns(grant)).changes);
      // A right has to end on a full disk, too.
      const changed = grant.revokedAt === undefined ? write() : insist(write);
      if (changed > 0) return;
      throw new WsError("credential_not_found", {
        message: `There is no grant ${grant.id}.`,
        next: "See them all: ws credential status.",
        data: { credential: grant.id },
      });
    },
    get(id) {
      const row = sql.get.get(id);
      return row === undefined ? undefined : toGrant(row);
    },
    list({ workspace, execution } = {}) {
      if (workspace !== undefined) {
        return sql.ofWorkspace
          .all(workspace)
          .map(toGrant)
          .filter((grant) => isOf(grant, execution));
      }
      return (execution === undefined ? sql.all.all() : sql.ofExecution.all(execution)).map(toGrant);
    },
    forget(before) {
      sql.forget.run(before);
    },
  };
}

function statements(db: DatabaseSync) {
  const order = "ORDER BY created_at, id";
  return {
    insert: db.prepare(
      `INSERT INTO grants (id, workspace, execution, created_at, ended_at, content)
       VALUES (:id, :workspace, :execution, :created_at, :ended_at, :content)`,
    ),
    update: db.prepare(
      `UPDATE grants SET workspace = :workspace, execution = :execution, created_at = :created_at, ended_at = :ended_at,
       content = :content WHERE id = :id`,
    ),
    get: db.prepare("SELECT content FROM grants WHERE id = ?"),
    all: db.prepare(`SELECT content FROM grants ${order}`),
    ofWorkspace: db.prepare(`SELECT content FROM grants WHERE workspace = ? ${order}`),
    ofExecution: db.prepare(`SELECT content FROM grants WHERE execution = ? ${order}`),
    forget: db.prepare("DELETE FROM grants WHERE ended_at < ?"),
  };
}

function columns(grant: Grant) {
  const { id, workspace, execution, createdAt, revokedAt, expiresAt, renewsMs } = grant;
  return {
    id,
    workspace,
    execution: execution ?? null,
    created_at: createdAt,
    // One that renews ends by being revoked only.
    ended_at: revokedAt ?? (renewsMs === undefined ? expiresAt : null),
    content: JSON.stringify(grant),
  };
}

function toGrant(row: Record<string, unknown>): Grant {
  return frozen(JSON.parse(String(row["content"])) as Grant);
}

function isOf({ execution }: Grant, asked: string | undefined): boolean {
  return asked === undefined || execution === asked;
}
