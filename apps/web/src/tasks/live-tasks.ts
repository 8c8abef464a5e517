import type { TaskInfo, TaskStatus, WorkspaceEvent } from "@ws/rpc-contract";

export interface TasksState {
  /** Undefined until the first snapshot; after a loss the last known ones stay. By id. */
  tasks: ReadonlyMap<string, TaskInfo> | undefined;
  /** Counts snapshots: what ended before one was told to nobody. */
  snapshots: number;
}

/** What the stream of a page tells of tasks. */
export type TaskNews = Extract<WorkspaceEvent, { type: "tasks" | "task" }>;

export const noTasks: TasksState = { tasks: undefined, snapshots: 0 };

const FINAL: ReadonlySet<TaskStatus> = new Set(["completed", "failed", "cancelled"]);
/** Of those that are over: the older ones are in the list that the agent gives. */
const MOST_FINAL = 500;

export function isOver({ status }: Pick<TaskInfo, "status">): boolean {
  return FINAL.has(status);
}

/** The state after one event. */
export function applyTaskEvent(state: TasksState, event: TaskNews): TasksState {
  if (event.type === "task") return withTask(state, event.task);
  const over = [...(state.tasks?.values() ?? [])].filter(isOver);
  return {
    // One that is in neither has ended meanwhile; how, the list will say.
    tasks: new Map([...over, ...event.tasks].map((task) => [task.id, task])),
    snapshots: state.snapshots + 1,
  };
}

/** The state with what a call answered: an answer and the stream overtake each other, and what is older than the stream is not shown. */
export function knowTask(state: TasksState, task: TaskInfo): TasksState {
  const isNews = !state.tasks?.has(task.id) || isOver(task) || task.cancelling === true;
  return isNews ? withTask(state, task) : state;
}

function withTask(state: TasksState, task: TaskInfo): TasksState {
  const before = state.tasks?.get(task.id);
  // An answer that was on its way while the task went on is older than what is known.
  if (before !== undefined && isOver(before) && !isOver(task)) return state;
  const tasks = new Map(state.tasks);
  // Behind the others: the oldest ends are forgotten first.
  tasks.delete(task.id);
  tasks.set(task.id, task);
  const over = [...tasks.values()].filter(isOver);
  for (const { id } of over.slice(0, Math.max(0, over.length - MOST_FINAL))) tasks.delete(id);
  return { ...state, tasks };
}

/** Those of the list, as they are by now, and those that are newer than it; the last created first. */
export function mergeTasks(listed: readonly TaskInfo[], live: Iterable<TaskInfo>): TaskInfo[] {
  const merged = new Map(listed.map((task) => [task.id, task]));
  for (const task of live) {
    const known = merged.get(task.id);
    if (known === undefined || !isOver(known) || isOver(task)) merged.set(task.id, task);
  }
  return [...merged.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.id.localeCompare(a.id));
}
