import type { WorkspaceId } from "../workspace.ts";
import type { TaskFailure, TaskId, TaskRecord } from "./task.ts";

export interface TaskLimits {
  /** Most that run at once in one workspace, and on the whole worker. */
  perWorkspace: number;
  global: number;
  /** Why no task of a coding tool begins now; undefined where nothing keeps them. */
  hold?: TaskFailure | undefined;
}

/** What the choice looks at of a task that waits. */
export type Queued = Pick<
  TaskRecord,
  "id" | "workspace" | "priority" | "dependsOn" | "notBefore" | "account" | "waits" | "status" | "ahead"
> & {
  /** The conversation of a coding tool that it is in: only one task at a time goes on with it. */
  conversation?: string;
  /** Whether a coding tool does it. */
  isAgent?: boolean;
  /** Whether nobody knows yet whose usage it counts into. */
  unbilled?: boolean;
};

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
  /** Until when accounts are held that met their usage limit; after it one task of the account is tried alone. */
  held: ReadonlyMap<string, number>;
  /** What those that run are about. */
  inUse: { accounts: ReadonlySet<string>; conversations: ReadonlySet<string> };
  now: number;
  isCompleted: (id: TaskId) => boolean;
  /** `open`: tasks can begin in it; `closed`: it could be opened for them; `away`: they wait until somebody else has done something. */
  stateOf: (workspace: WorkspaceId) => "open" | "closed" | "away";
}

/** How soon it is looked again whether what holds the tasks of coding tools still does. */
const HOLD_MS = 15_000;

/** Which tasks begin now: of those that may, the higher priority first and the older first within it, as far as the limits let them. */
export function chooseNext(situation: Situation): Choice {
  const { queued, running, limits, held, inUse, now, isCompleted, stateOf } = situation;
  const wanted = new Set<WorkspaceId>();
  const ready: Queued[] = [];
  let wakeAt: number | undefined;
  for (const task of queued) {
    const { workspace, account } = task;
    const due = Math.max(task.notBefore ?? 0, account === undefined ? 0 : (held.get(account) ?? 0));
    if (!task.dependsOn.every(isCompleted)) continue;
    if (limits.hold !== undefined && task.isAgent === true) {
      // What lifts it tells nobody.
      wakeAt = Math.min(wakeAt ?? Infinity, now + HOLD_MS);
      continue;
    }
    if (due > now) wakeAt = Math.min(wakeAt ?? Infinity, due);
    else if (stateOf(workspace) === "open") ready.push(task);
    else if (stateOf(workspace) === "closed" && task.waits === undefined) wanted.add(workspace);
  }
  // Stable: within a priority they stay in the order of their creation.
  ready.sort((a, b) => b.priority - a.priority || Number(b.ahead ?? false) - Number(a.ahead ?? false));
  const counts = new Map(running);
  const conversations = new Set(inUse.conversations);
  const accounts = new Set(inUse.accounts);
  let left = limits.global - [...counts.values()].reduce((sum, count) => sum + count, 0);
  const start: Queued[] = [];
  for (const task of ready) {
    if (left <= 0) break;
    const { workspace, account, conversation } = task;
    const count = counts.get(workspace) ?? 0;
    if (count >= limits.perWorkspace) continue;
    if (conversation !== undefined && conversations.has(conversation)) continue;
    // All at once would only meet again what the one meets.
    if (account !== undefined && held.has(account) && accounts.has(account)) continue;
    counts.set(workspace, count + 1);
    if (conversation !== undefined) conversations.add(conversation);
    if (account !== undefined) accounts.add(account);
    left -= 1;
    start.push(task);
  }
  return { start, wanted: [...wanted], ...(wakeAt === undefined ? {} : { wakeAt }) };
}
