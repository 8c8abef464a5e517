import { WsError } from "../errors.ts";
import { frozen } from "../frozen.ts";
import type { LogEntry, Store } from "../ports.ts";
import type { WorkspaceId, WorkspaceRecord } from "../workspace.ts";

/** A store that forgets when the process ends; it passes the same suite as the durable one. */
export function createMemoryStore(): Store {
  const records = new Map<WorkspaceId, WorkspaceRecord>();
  const logs = new Map<WorkspaceId, LogEntry[]>();
  const all = (): WorkspaceRecord[] => [...records.values()];

  function claimName(record: WorkspaceRecord): void {
    if (record.phase === "cleaned_up") return;
    const holder = all().find((other) => other.name === record.name && other.phase !== "cleaned_up");
    if (holder === undefined || holder.id === record.id) return;
    throw new WsError("name_taken", {
      message: `A workspace named '${record.name}' exists already.`,
      next: `Use another name, or 'ws start ${record.name}' for the existing one.`,
      data: { name: record.name },
    });
  }

  return {
    insert(record) {
      claimName(record);
      records.set(record.id, frozen(structuredClone(record)));
    },
    update(record) {
      if (!records.has(record.id)) {
        throw new WsError("workspace_not_found", {
          message: `There is no workspace '${record.name}'.`,
          data: { name: record.name },
        });
      }
      claimName(record);
      records.set(record.id, frozen(structuredClone(record)));
    },
    get: (id) => records.get(id),
    getByName: (name) => all().find((record) => record.name === name && record.phase !== "cleaned_up"),
    getByRequest: (key) => all().find((record) => record.request?.key === key && record.phase !== "cleaned_up"),
    list: (options) =>
      all()
        .filter((record) => options?.cleanedUp === true || record.phase !== "cleaned_up")
        .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)),
    forget(before) {
      for (const record of all()) {
        if (record.phase !== "cleaned_up" || record.updatedAt >= before) continue;
        records.delete(record.id);
        logs.delete(record.id);
      }
    },
    appendLog(id, entry) {
      logs.set(id, [...(logs.get(id) ?? []), { ...entry }].slice(-5_000));
    },
    readLog: (id, tail) => structuredClone((logs.get(id) ?? []).slice(tail === undefined ? 0 : -tail || Infinity)),
  };
}
