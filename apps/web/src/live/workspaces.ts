import type { WorkspaceEvent, WorkspaceInfo } from "@ws/rpc-contract";
import type { TaskNews } from "../tasks/live-tasks.ts";

export type Connection = "connecting" | "live" | "reconnecting";

export interface StepProgress {
  step: string;
  message: string;
  percent?: number;
}

export interface LiveState {
  connection: Connection;
  /** Undefined until the first snapshot; after a loss the last known ones stay. Newest first. */
  workspaces: readonly WorkspaceInfo[] | undefined;
  /** What the running step of a workspace says, by workspace id. */
  progress: ReadonlyMap<string, StepProgress>;
  /** Counts, by workspace id, how often its terminals may have become others. */
  terminals: ReadonlyMap<string, number>;
  /** The same for what it was not let out to. */
  refusals: ReadonlyMap<string, number>;
  /** How often its variables or files have changed on the worker since this page was opened. */
  credentials: ReadonlyMap<string, number>;
  /** How it last changed since the stream began; before that it has to be asked for. */
  engine: { available: boolean; message?: string } | undefined;
  /** How often the stream has begun. */
  snapshots: number;
}

export const emptyLiveState: LiveState = {
  connection: "connecting",
  workspaces: undefined,
  progress: new Map(),
  terminals: new Map(),
  refusals: new Map(),
  credentials: new Map(),
  engine: undefined,
  snapshots: 0,
};

/** The stream was lost; what it last told stays. */
export function lost(state: LiveState): LiveState {
  return { ...state, connection: state.workspaces === undefined ? "connecting" : "reconnecting" };
}

/** The state after one event. */
export function applyEvent(state: LiveState, event: Exclude<WorkspaceEvent, TaskNews>): LiveState {
  switch (event.type) {
    case "snapshot":
      return {
        ...state,
        connection: "live",
        workspaces: known(state.workspaces, event.workspaces).sort(newestFirst),
        progress: new Map(),
        // What became of it while nobody listened is told by no event.
        engine: undefined,
        snapshots: state.snapshots + 1,
        // What happened before the snapshot was told to nobody.
        terminals: new Map(event.workspaces.map(({ id }) => [id, (state.terminals.get(id) ?? 0) + 1])),
        refusals: new Map(event.workspaces.map(({ id }) => [id, (state.refusals.get(id) ?? 0) + 1])),
      };
    case "changed": {
      const others = (state.workspaces ?? []).filter((workspace) => workspace.id !== event.workspace.id);
      return {
        ...state,
        connection: "live",
        workspaces: [...others, event.workspace].sort(newestFirst),
        progress: event.workspace.status === "creating" ? state.progress : without(state.progress, event.workspace.id),
      };
    }
    case "removed":
      return {
        ...state,
        workspaces: state.workspaces?.filter((workspace) => workspace.id !== event.id),
        progress: without(state.progress, event.id),
      };
    case "progress": {
      const { id, step, message, percent } = event;
      const progress = new Map(state.progress);
      progress.set(id, { step, message, ...(percent === undefined ? {} : { percent }) });
      return { ...state, progress };
    }
    case "terminal":
      return { ...state, terminals: oneMore(state.terminals, event.id) };
    case "egress_refused":
      return { ...state, refusals: oneMore(state.refusals, event.id) };
    case "credentials":
      return { ...state, credentials: oneMore(state.credentials, event.id) };
    case "engine": {
      const { available, message } = event;
      return { ...state, engine: { available, ...(message === undefined ? {} : { message }) } };
    }
  }
}

/** Those that are as they were stay the same objects: who shows them has nothing to do then, after every loss of the stream. */
function known(before: readonly WorkspaceInfo[] = [], now: readonly WorkspaceInfo[]): WorkspaceInfo[] {
  const byId = new Map(before.map((workspace) => [workspace.id, workspace]));
  return now.map((workspace) => {
    const same = byId.get(workspace.id);
    return same !== undefined && JSON.stringify(same) === JSON.stringify(workspace) ? same : workspace;
  });
}

function oneMore(counts: ReadonlyMap<string, number>, id: string): ReadonlyMap<string, number> {
  return new Map(counts).set(id, (counts.get(id) ?? 0) + 1);
}

function newestFirst(a: WorkspaceInfo, b: WorkspaceInfo): number {
  return b.created.localeCompare(a.created) || a.name.localeCompare(b.name);
}

function without(progress: ReadonlyMap<string, StepProgress>, id: string): ReadonlyMap<string, StepProgress> {
  if (!progress.has(id)) return progress;
  const rest = new Map(progress);
  rest.delete(id);
  return rest;
}
