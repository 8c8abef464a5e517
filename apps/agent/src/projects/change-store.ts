import type { DatabaseSync } from "node:sqlite";
import type { Change, ChangeStore } from "@ws/workspace-core";

/** Changes in the state's database. */
export function createChangeStore(db: DatabaseSync): ChangeStore {
  const list = db.prepare("SELECT record FROM changes ORDER BY project, name");
  const put = db.prepare(
    `INSERT INTO changes (project, name, record) VALUES (?, ?, ?)
     ON CONFLICT (project, name) DO UPDATE SET record = excluded.record`,
  );
  const remove = db.prepare("DELETE FROM changes WHERE project = ? AND name = ?");
  return {
    list: () => list.all().map((row) => JSON.parse(String(row["record"])) as Change),
    put: (change) => void put.run(change.project, change.name, JSON.stringify(change)),
    remove: (project, name) => void remove.run(project, name),
  };
}
