import type { Workspaces } from "../api.ts";
import { isWsError } from "../errors.ts";
import { workspaceNotFound } from "../records.ts";
import { statusOf, type WorkspaceId, type WorkspaceRecord } from "../workspace.ts";
import type { TaskPlace, TaskWorkspaces } from "./task-workspaces.ts";

/** The worker's workspaces as its tasks see them: by id, because a task keeps its workspace when that gets another name. */
export function taskedWorkspaces(workspaces: Workspaces): TaskWorkspaces {
  const nameOf = (id: WorkspaceId): string => {
    const record = workspaces.find(id);
    if (record === undefined) throw workspaceNotFound(id, { list: () => workspaces.list() });
    return record.name;
  };
  return {
    named: (name) => placeOf(workspaces.get(name)),
    find(id) {
      const record = workspaces.find(id);
      return record === undefined ? undefined : placeOf(record);
    },
    async start(id) {
      await workspaces.start(nameOf(id));
    },
    runs: async (id, signal) => workspaces.runs(nameOf(id), signal),
    async variables(id) {
      const record = workspaces.find(id);
      return record === undefined ? {} : workspaces.variables(record.name);
    },
    async hasFile(id, path, signal) {
      const { files, home } = await workspaces.box(nameOf(id));
      try {
        return (await files.stat(`${home}/${path}`, signal)).type === "file";
      } catch (error) {
        if (isWsError(error, "file_not_found") || isWsError(error, "not_a_directory")) return false;
        throw error;
      }
    },
    changes(signal) {
      // Listened to from the call on, and not from the first read.
      const events = workspaces.events(signal);
      return idsOf(events);
    },
  };
}

async function* idsOf(events: ReturnType<Workspaces["events"]>): AsyncGenerator<WorkspaceId> {
  for await (const event of events) {
    if (event.type === "changed") yield event.record.id;
    if (event.type === "removed") yield event.id;
  }
}

function placeOf(record: WorkspaceRecord): TaskPlace {
  const { id, name, operation, stopReason, ttlMs, ttlRemainingMs, execution } = record;
  const timeIsOver = ttlMs !== undefined && (ttlRemainingMs ?? ttlMs) <= 0;
  return {
    id,
    name,
    status: statusOf(record),
    busy: operation !== undefined,
    ...(operation?.kind === "restart" ? { restarting: true } : {}),
    toStayStopped: stopReason === undefined || timeIsOver,
    ...(execution === undefined ? {} : { execution: execution.id }),
  };
}
