import type { TaskEvent, TaskInfo, TaskStatus } from "@ws/rpc-contract";
import type { Connection } from "@ws/rpc-contract/connection";
import { followStream, type Following } from "../follow-stream.ts";

export interface TasksState {
  /** Undefined until the first snapshot; after a loss the last known ones stay. By id. */
  tasks: ReadonlyMap<string, TaskInfo> | undefined;
  /** Counts snapshots: what ended before one was told to nobody. */
  snapshots: number;
}

export interface LiveTasks {
  state(): TasksState;
  subscribe(listener: () => void): () => void;
  /** Opens the stream, and opens it again after every loss, until `stop`. */
  start(): void;
  stop(): void;
  /** What a call answered, so that it is shown before the stream tells it. */
  know(task: TaskInfo): void;
}

interface LiveTasksOptions {
  open: (signal: AbortSignal) => Promise<AsyncIterable<TaskEvent>>;
  /** What it shares with the page's other streams. */
  connection: Connection;
}

export const noTasks: TasksState = { tasks: undefined, snapshots: 0 };

const FINAL: ReadonlySet<TaskStatus> = new Set(["completed", "failed", "cancelled"]);
/** Of those that are over: the older ones are in the list that the agent gives. */
const MOST_FINAL = 500;

export function isOver({ status }: Pick<TaskInfo, "status">): boolean {
  return FINAL.has(status);
}

/** All tasks that are not over, and those that ended since the page was opened, by one stream that comes back by itself. */
export function createLiveTasks({ open, connection }: LiveTasksOptions): LiveTasks {
  const listeners = new Set<() => void>();
  let state = noTasks;
  let following: Following | undefined;
  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      following ??= followStream<TaskEvent>({
        connection,
        open,
        onEvent: (event) => set(applyTaskEvent(state, event)),
        onLost: () => {},
      });
    },
    stop() {
      following?.stop();
      following = undefined;
    },
    know(task) {
      const known = state.tasks?.get(task.id);
      // An answer and the stream overtake each other: what was asked for is shown, what is older than the stream is not.
      if (known === undefined || isOver(task) || task.cancelling === true) set(withTask(state, task));
    },
  };

  function set(next: TasksState): void {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  }
}

/** The state after one event. */
export function applyTaskEvent(state: TasksState, event: TaskEvent): TasksState {
  if (event.type === "changed") return withTask(state, event.task);
  const over = [...(state.tasks?.values() ?? [])].filter(isOver);
  return {
    // One that is in neither has ended meanwhile; how, the list will say.
    tasks: new Map([...over, ...event.tasks].map((task) => [task.id, task])),
    snapshots: state.snapshots + 1,
  };
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
