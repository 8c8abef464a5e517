import type { DatabaseSync } from "node:sqlite";
import { type Lease, type LeaseStore, type WorkspaceId, WsError } from "@ws/workspace-core";
import { transact } from "../store/database.ts";
import type { Insist } from "../store/insist.ts";

/** Leases in the state's database: one row for each number that was ever handed out. What gives one back is written also on a full disk. */
export function createLeaseStore(db: DatabaseSync, insist: Insist = (work) => work()): LeaseStore {
  const sql = {
    live: db.prepare("SELECT record FROM leases WHERE live = 1 ORDER BY project, number"),
    ofProject: db.prepare("SELECT record FROM leases WHERE live = 1 AND project = ? ORDER BY number"),
    byId: db.prepare("SELECT record FROM leases WHERE live = 1 AND id = ?"),
    take: db.prepare(
      `INSERT INTO leases (project, number, id, token, live, record) VALUES (?, ?, ?, ?, 1, ?)
       ON CONFLICT (project, number) DO UPDATE SET id = excluded.id, token = excluded.token, live = 1, record = excluded.record`,
    ),
    update: db.prepare(
      `UPDATE leases SET record = ?, workspace = coalesce(?, workspace) WHERE live = 1 AND id = ? AND token = ?`,
    ),
    release: db.prepare("UPDATE leases SET live = 0 WHERE live = 1 AND id = ? AND token = ?"),
    released: db.prepare("SELECT 1 FROM leases WHERE live = 0 AND id = ?"),
    workspace: db.prepare("SELECT workspace FROM leases WHERE project = ? AND number = ?"),
    token: db.prepare(
      `INSERT INTO meta (key, value) VALUES ('lease_token', '1')
       ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) RETURNING value`,
    ),
  };
  const list = (project?: string): Lease[] =>
    (project === undefined ? sql.live.all() : sql.ofProject.all(project)).map(toLease);

  return {
    acquire: ({ id, project, holder, at, nameOf, limit, without }) =>
      transact(db, () => {
        const taken = new Set(list(project).map(({ number }) => number));
        if (limit !== undefined && taken.size >= limit) return undefined;
        let number = 1;
        while (taken.has(number) || without.has(number)) number += 1;
        const token = Number(sql.token.get()?.["value"]);
        const times = { createdAt: at, updatedAt: at };
        const lease: Lease = {
          id,
          project,
          number,
          holder,
          token,
          stage: "acquired",
          workspace: nameOf(number),
          ...times,
        };
        sql.take.run(project, number, id, token, JSON.stringify(lease));
        return lease;
      }),
    update(lease) {
      const write = (): number =>
        Number(sql.update.run(JSON.stringify(lease), lease.workspaceId ?? null, lease.id, lease.token).changes);
      if ((lease.stage === "releasing" ? insist(write) : write()) > 0) return;
      throw new WsError("lease_failed", {
        message: `The lease ${lease.id} is over.`,
        next: "Ask for another one.",
        data: { project: lease.project, stage: "recovery" },
      });
    },
    release: (id, token) => insist(() => Number(sql.release.run(id, token).changes) > 0),
    get(id) {
      const row = sql.byId.get(id);
      return row === undefined ? undefined : toLease(row);
    },
    wasReleased: (id) => sql.released.get(id) !== undefined,
    list,
    lastWorkspace(project, number) {
      const id = sql.workspace.get(project, number)?.["workspace"];
      return typeof id === "string" ? (id as WorkspaceId) : undefined;
    },
  };
}

function toLease(row: Record<string, unknown>): Lease {
  return JSON.parse(String(row["record"])) as Lease;
}
