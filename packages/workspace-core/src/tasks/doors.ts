import { toWsError } from "../errors.ts";
import type { Clock, Log } from "../ports.ts";
import type { Status, WorkspaceId } from "../workspace.ts";
import { isNumberZero } from "./number-zero.ts";
import { failureOf, isPassing } from "./passing.ts";
import type { TaskFailure, TaskId } from "./task.ts";
import type { TaskRecords } from "./task-records.ts";
import type { TaskPlace, TaskWorkspaces } from "./task-workspaces.ts";

/** Whether tasks can get into workspaces: which are open, which are opened for them, and which they wait at. */
export interface Doors {
  stateOf(id: WorkspaceId): "open" | "closed" | "away";
  /** Starts such workspaces, a few at once. */
  open(ids: readonly WorkspaceId[]): void;
  /** It could not be reached just now: it is left alone for a while, for longer each time. */
  rest(id: WorkspaceId): void;
  reached(id: WorkspaceId): void;
  /** A task came out of its workspace. Where it is to go in again and somebody stopped the workspace meanwhile, it waits as the others do. */
  left(id: TaskId): void;
  /** Something happened to it: what it means for those that wait there. */
  look(id: WorkspaceId): void;
  /** Knows its state from now on, to see from there when it is stopped. */
  watch(place: TaskPlace): void;
  /** It is gone, and what waits there with it. */
  gone(id: WorkspaceId): void;
}

/** How many workspaces are started at once for the sake of tasks. */
const MOST_OPENING = 4;
const REST_MS = { first: 1_000, longest: 60_000 };

export function createDoors(ports: {
  records: TaskRecords;
  workspaces: TaskWorkspaces;
  clock: Clock;
  log: Log;
  closing: AbortSignal;
  wake: () => void;
  /** Whether a task has begun, or is about to. */
  isInside: (id: TaskId) => boolean;
}): Doors {
  const { records, workspaces, clock, log, closing, wake, isInside } = ports;
  const opening = new Set<WorkspaceId>();
  /** By the monotonic clock. */
  const resting = new Map<WorkspaceId, { until: number; ms: number }>();
  const seen = new Map<WorkspaceId, Status>();

  function stateOf(id: WorkspaceId): "open" | "closed" | "away" {
    const place = workspaces.find(id);
    if ((resting.get(id)?.until ?? -Infinity) > clock.monotonic()) return "away";
    if (isNumberZero(id)) return "open";
    if (place === undefined || opening.has(id)) return "away";
    if (place.status === "running") return "open";
    return place.busy || place.status === "creating" ? "away" : "closed";
  }

  async function open(id: WorkspaceId): Promise<void> {
    opening.add(id);
    try {
      await workspaces.start(id);
      resting.delete(id);
    } catch (error) {
      if (closing.aborted) return;
      log.info("a workspace could not be started for its tasks", { workspace: id, error });
      if (isPassing(error)) rest(id);
      else hold(id, failureOf(toWsError(error)));
    } finally {
      opening.delete(id);
      wake();
    }
  }

  function rest(id: WorkspaceId): void {
    const ms = Math.min(REST_MS.longest, (resting.get(id)?.ms ?? REST_MS.first / 2) * 2);
    resting.set(id, { until: clock.monotonic() + ms, ms });
    clock.sleep(ms, closing).then(wake, () => undefined);
  }

  /** What waits there waits until somebody starts the workspace, or asks for another task in it. */
  function hold(id: WorkspaceId, waits: TaskFailure): void {
    for (const task of records.ofWorkspace(id)) {
      const entry = records.live.get(task);
      if (entry?.status !== "pending" && entry?.status !== "limited") continue;
      if (!isInside(task)) records.change(task, { type: "held", waits });
    }
  }

  function look(id: WorkspaceId): void {
    const place = workspaces.find(id);
    if (place === undefined) gone(id);
    else if (!place.busy) {
      const before = seen.get(id);
      seen.set(id, place.status);
      if (before === "running" && place.status === "stopped" && place.toStayStopped) hold(id, wasStopped(place));
    }
  }

  function gone(id: WorkspaceId): void {
    for (const known of [seen, resting]) known.delete(id);
    // Its number may be free now, for which others wait.
    for (const other of resting.keys()) if (isNumberZero(other)) resting.delete(other);
    for (const task of records.ofWorkspace(id)) {
      // What runs is told by whoever carries it.
      if (records.live.get(task)?.status === "running" || !records.live.has(task)) continue;
      records.change(task, { type: "cancelled", error: WORKSPACE_GONE });
    }
  }

  return {
    stateOf,
    open(ids) {
      for (const id of ids.slice(0, Math.max(0, MOST_OPENING - opening.size))) void open(id);
    },
    rest,
    reached: (id) => void resting.delete(id),
    left(id) {
      const entry = records.live.get(id);
      if (entry?.status !== "pending" && entry?.status !== "limited") return;
      const place = workspaces.find(entry.workspace);
      if (place?.status !== "stopped" || place.busy || !place.toStayStopped) return;
      records.change(id, { type: "held", waits: wasStopped(place) });
    },
    look,
    watch(place) {
      if (!place.busy && !seen.has(place.id)) seen.set(place.id, place.status);
    },
    gone,
  };
}

const WORKSPACE_GONE: TaskFailure = { code: "workspace_deleted", message: "Its workspace was deleted." };

function wasStopped({ name }: TaskPlace): TaskFailure {
  return {
    code: "workspace_stopped",
    message: `'${name}' was stopped.`,
    next: `It begins once the workspace runs again: ws start ${name}.`,
  };
}
