import type { TaskInfo, WorkspaceEvent } from "@ws/rpc-contract";
import type { Connection } from "@ws/rpc-contract/connection";
import { followStream, type Following } from "../follow-stream.ts";
import { applyTaskEvent, knowTask, noTasks, type TasksState } from "../tasks/live-tasks.ts";
import { createStore, type Store } from "./store.ts";
import { applyEvent, emptyLiveState, lost, type LiveState } from "./workspaces.ts";

/** What the worker tells of its workspaces and tasks, by one stream that comes back by itself. */
export interface Live {
  workspaces: Store<LiveState>;
  tasks: LiveTasks;
  /** Which workspaces changed since somebody last looked at the list of them in this browser, by id; empty until that is known. */
  changed: Store<ReadonlySet<string>> & { set(next: ReadonlySet<string>): void };
  /** Opens the stream, and opens it again after every loss, until `stop`. */
  start(): void;
  stop(): void;
}

export interface LiveTasks extends Store<TasksState> {
  /** What a call answered, so that it is shown before the stream tells it. */
  know(task: TaskInfo): void;
}

export interface LiveOptions {
  open: (signal: AbortSignal) => Promise<AsyncIterable<WorkspaceEvent>>;
  /** What it shares with the page's other streams. */
  connection: Connection;
}

export function createLive({ open, connection }: LiveOptions): Live {
  const workspaces = createStore(emptyLiveState);
  const tasks = createStore(noTasks);
  const changed = createStore<ReadonlySet<string>>(new Set());
  let following: Following | undefined;
  return {
    workspaces,
    changed,
    tasks: {
      ...tasks,
      know: (task) => tasks.set(knowTask(tasks.state(), task)),
    },
    start() {
      following ??= followStream<WorkspaceEvent>({
        connection,
        open,
        onEvent(event) {
          if (event.type === "tasks" || event.type === "task") tasks.set(applyTaskEvent(tasks.state(), event));
          else workspaces.set(applyEvent(workspaces.state(), event));
        },
        onLost: () => workspaces.set(lost(workspaces.state())),
      });
    },
    stop() {
      following?.stop();
      following = undefined;
    },
  };
}
