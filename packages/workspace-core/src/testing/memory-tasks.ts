import { WsError } from "../errors.ts";
import { frozen } from "../frozen.ts";
import { isFinal, type TaskId, type TaskRecord } from "../tasks/task.ts";
import { type AccountLimit, keyedIn, keyTaken, type TaskStore, taskNotFound, taskOver } from "../tasks/task-store.ts";

/** Tasks that are forgotten when the process ends; they pass the same suite as the durable ones. */
export function createMemoryTaskStore(): TaskStore {
  // A map keeps the order of insertion, also of what is replaced.
  const records = new Map<TaskId, TaskRecord>();
  const all = (): TaskRecord[] => [...records.values()];
  const limits = new Map<string, AccountLimit>();
  return {
    insert(record) {
      const { id, key } = record;
      if (records.has(id)) throw new WsError("internal", { message: `The task ${id} exists.`, data: {} });
      const twin = key === undefined ? undefined : this.getByKey(keyedIn(record), key);
      if (twin !== undefined) throw keyTaken(twin);
      records.set(id, frozen(structuredClone(record)));
    },
    update(record) {
      const known = records.get(record.id);
      if (known === undefined) throw taskNotFound(record.id);
      if (isFinal(known.status)) throw taskOver(known);
      records.set(record.id, frozen(structuredClone(record)));
    },
    get: (id) => records.get(id),
    getByKey: (workspace, key) => all().find((record) => keyedIn(record) === workspace && record.key === key),
    latestRetry(id) {
      const tries = new Set([id]);
      // None is created before what it tries again.
      for (const { id: other, retryOf } of all()) if (retryOf !== undefined && tries.has(retryOf)) tries.add(other);
      return all().findLast((record) => tries.has(record.id));
    },
    list({ workspace, statuses, limit, before } = {}) {
      const order = all();
      const until = before === undefined ? order.length : order.findIndex(({ id }) => id === before);
      const asked = order
        .slice(0, Math.max(until, 0))
        .filter((record) => workspace === undefined || record.workspace === workspace)
        .filter((record) => statuses === undefined || statuses.includes(record.status))
        .reverse();
      return asked.slice(0, limit ?? asked.length);
    },
    live: () => all().filter(({ status }) => !isFinal(status)),
    forget(before) {
      for (const { id, completedAt } of all()) {
        if (completedAt !== undefined && completedAt < before) records.delete(id);
      }
    },
    limits: () => [...limits.values()],
    limit: (limit) => void limits.set(limit.account, frozen({ ...limit })),
    unlimit: (account) => void limits.delete(account),
  };
}
