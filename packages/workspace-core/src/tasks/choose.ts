import type { WorkspaceId } from "../workspace.ts";
import type { TaskId, TaskRecord } from "./task.ts";

export interface TaskLimits {
  /** Most that run at once in one workspace, and on the whole worker. */
  perWorkspace: number;
  global: number;
}

/** What the choice looks at of a task that waits. */
export type Queued = Pick<
  TaskRecord,
  "id" | "workspace" | "priority" | "dependsOn" | "notBefore" | "account" | "waits" | "status"
>;

export interface Choice {
  /** To be begun now, in this order. */
  start: Queued[];
  /** Workspaces that are not open and have a task that could begin in them. */
  wanted: WorkspaceId[];
  /** When the next task becomes due of which only time keeps it. */
  wakeAt?: number;
}

/** What waits, in the order of its creation, and what goes on meanwhile. */
export interface Situation {
  queued: Iterable<Queued>;
  /** How many run in each workspace. */
  running: ReadonlyMap<WorkspaceId, number>;
  limits: TaskLimits;
  now: number;
  isCompleted: (id: TaskId) => boolean;
  /** `open`: tasks can begin in it; `closed`: it could be opened for them; `away`: they wait until somebody else has done something. */
  stateOf: (workspace: WorkspaceId) => "open" | "closed" | "away";
}

/** Which tasks begin now: of those that may, the higher priority first and the older first within it, as far as the limits let them. */
export function chooseNext({ queued, running, limits, now, isCompleted, stateOf }: Situation): Choice {
  const waiting = [...queued];
  const held = heldAccounts(waiting, now);
  const wanted = new Set<WorkspaceId>();
  const ready: Queued[] = [];
  let wakeAt: number | undefined;
  for (const task of waiting) {
    const { workspace, account } = task;
    const due = Math.max(task.notBefore ?? 0, account === undefined ? 0 : (held.get(account) ?? 0));
    if (!task.dependsOn.every(isCompleted)) continue;
    if (due > now) wakeAt = Math.min(wakeAt ?? Infinity, due);
    else if (stateOf(workspace) === "open") ready.push(task);
    else if (stateOf(workspace) === "closed" && task.waits === undefined) wanted.add(workspace);
  }
  // Stable: within a priority they stay in the order of their creation.
  ready.sort((a, b) => b.priority - a.priority);
  const counts = new Map(running);
  let left = limits.global - [...counts.values()].reduce((sum, count) => sum + count, 0);
  const start: Queued[] = [];
  for (const task of ready) {
    if (left <= 0) break;
    const count = counts.get(task.workspace) ?? 0;
    if (count >= limits.perWorkspace) continue;
    counts.set(task.workspace, count + 1);
    left -= 1;
    start.push(task);
  }
  return { start, wanted: [...wanted], ...(wakeAt === undefined ? {} : { wakeAt }) };
}

/** Until when nothing of an account begins: one that met its usage limit would only meet it again. */
function heldAccounts(queued: readonly Queued[], now: number): Map<string, number> {
  const held = new Map<string, number>();
  for (const { status, account, notBefore = 0 } of queued) {
    if (status !== "limited" || account === undefined || notBefore <= now) continue;
    held.set(account, Math.max(held.get(account) ?? 0, notBefore));
  }
  return held;
}
