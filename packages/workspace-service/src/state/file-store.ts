import { join } from "node:path";
import { workspaceNotFound, WsError, type Store, type WorkspaceRecord } from "@ws/workspace-core";
import { openFileLogs } from "./file-log.ts";
import { openFileMap } from "./file-map.ts";
import type { Reserve } from "./reserve.ts";

/**
 * The records of workspaces as files, one each, and their logs beside them. For one process at a time, which `openState`
 * sees to. Throws `state_corrupt`, `disk_full`.
 */
export function createFileStore(
  directory: string,
  { insist, refill }: Reserve = { insist: (work) => work(), refill: () => undefined },
): Store {
  const records = openFileMap<WorkspaceRecord>(join(directory, "workspaces"));
  const logs = openFileLogs(join(directory, "logs"));
  const isLive = ({ phase }: WorkspaceRecord): boolean => phase !== "cleaned_up";
  const findLive = (is: (record: WorkspaceRecord) => boolean): WorkspaceRecord | undefined =>
    records.values().find((record) => isLive(record) && is(record));

  function save(record: WorkspaceRecord): void {
    const { id, name } = record;
    if (isLive(record) && findLive((other) => other.name === name && other.id !== id) !== undefined) {
      throw new WsError("name_taken", {
        message: `A workspace named '${name}' exists already.`,
        next: "Use another name.",
        data: { name },
      });
    }
    records.set(id, record);
  }

  function list({ cleanedUp = false }: { cleanedUp?: boolean } = {}): WorkspaceRecord[] {
    return records
      .values()
      .filter((record) => cleanedUp || isLive(record))
      .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  }

  return {
    insert(record) {
      refill();
      save(record);
    },
    update(record) {
      if (records.get(record.id) === undefined) throw workspaceNotFound(record.name, { list });
      if (givesBack(record) || givesBack(records.get(record.id))) insist(() => save(record));
      else save(record);
    },
    get: (id) => records.get(id),
    getByName: (name) => findLive((record) => record.name === name),
    getByRequest: (key) => findLive((record) => record.request?.key === key),
    list,
    forget(before) {
      for (const { id, phase, updatedAt } of records.values()) {
        if (phase !== "cleaned_up" || updatedAt >= before) continue;
        logs.remove(id);
        records.delete(id);
      }
    },
    appendLog: logs.append,
    readLog: logs.read,
  };
}

function givesBack(record: WorkspaceRecord | undefined): boolean {
  const kind = record?.operation?.kind;
  return kind === "stop" || kind === "delete" || record?.phase === "cleaned_up";
}
