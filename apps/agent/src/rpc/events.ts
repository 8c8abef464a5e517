import type { WorkspaceEvent } from "@ws/rpc-contract";
import type { WorkspaceEvent as DomainEvent, WorkspaceId } from "@ws/workspace-core";
import type { Worker } from "./context.ts";
import { toWorkspaceInfo } from "./workspace-info.ts";

/** A snapshot, then every change; of one workspace where it is named, also after it was renamed. */
export function watchWorkspaces(
  worker: Worker,
  name: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<WorkspaceEvent> {
  return watch(worker, name === undefined ? undefined : worker.workspaces.get(name).id, signal);
}

async function* watch(
  worker: Worker,
  only: WorkspaceId | undefined,
  signal: AbortSignal,
): AsyncGenerator<WorkspaceEvent> {
  const { workspaces, isolationOf } = worker;
  // Subscribed before the snapshot is taken, so that no change falls in between.
  const changes = workspaces.events(signal);
  const records = workspaces.list().filter(({ id }) => only === undefined || id === only);
  yield { type: "snapshot", workspaces: records.map((record) => toWorkspaceInfo(record, isolationOf(record.runtime))) };
  for await (const change of changes) {
    const event = translate(worker, change);
    const about = event.type === "changed" ? event.workspace.id : "id" in event ? event.id : undefined;
    if (only === undefined || about === undefined || about === only) yield event;
  }
}

function translate({ isolationOf, runtime }: Worker, event: DomainEvent): WorkspaceEvent {
  switch (event.type) {
    case "changed":
      return { type: "changed", workspace: toWorkspaceInfo(event.record, isolationOf(event.record.runtime)) };
    case "engine": {
      const { available, message } = event;
      const about = event.runtime === runtime().runtime ? message : `${event.runtime}: ${message ?? ""}`;
      return { type: "engine", available, ...(about === undefined ? {} : { message: about }) };
    }
    case "removed":
    case "progress":
      return event;
  }
}
