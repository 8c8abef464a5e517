import type { TaskInfo } from "@ws/rpc-contract";
import { useSyncExternalStore } from "react";
import type { LiveTasks } from "../live/live.ts";
import { useLiveParts } from "../live/live-context.tsx";
import type { TasksState } from "./live-tasks.ts";

export function useLiveTasks(): LiveTasks {
  return useLiveParts().tasks;
}

export function useTasks(): TasksState {
  const live = useLiveTasks();
  return useSyncExternalStore(live.subscribe, live.state);
}

/** One task as it is by now, or as it was last heard of. */
export function useTask(known: TaskInfo): TaskInfo {
  const live = useLiveTasks();
  return useSyncExternalStore(live.subscribe, () => live.state().tasks?.get(known.id)) ?? known;
}
