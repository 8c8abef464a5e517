import type { TaskInfo } from "@ws/rpc-contract";
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { useServices } from "../services.ts";
import { createLiveTasks, type LiveTasks, type TasksState } from "./live-tasks.ts";

const TasksContext = createContext<LiveTasks | undefined>(undefined);
const HIDDEN_MS = 15_000;

interface TasksProviderProps {
  /** Resolves once a tab that is hidden is to go on listening, to tell of what needs somebody; until the signal aborts. */
  turnToListen: (signal: AbortSignal) => Promise<void>;
  children: ReactNode;
}

/** One stream of tasks for the whole page. A hidden tab gives it up after a while and catches up when it is shown again. */
export function TasksProvider({ turnToListen, children }: TasksProviderProps) {
  const { client, timers, connection } = useServices();
  const [live] = useState(() =>
    createLiveTasks({ open: (signal) => client.tasks.events(undefined, { signal }), connection }),
  );
  useEffect(() => {
    let cancel = () => {};
    const followVisibility = () => {
      cancel();
      if (document.visibilityState === "visible") return live.start();
      const shown = new AbortController();
      const rest = timers.after(HIDDEN_MS, live.stop);
      cancel = () => {
        rest();
        shown.abort();
      };
      void turnToListen(shown.signal).then(() => {
        if (shown.signal.aborted) return;
        rest();
        live.start();
      });
    };
    live.start();
    followVisibility();
    document.addEventListener("visibilitychange", followVisibility);
    return () => {
      cancel();
      live.stop();
      document.removeEventListener("visibilitychange", followVisibility);
    };
  }, [live, timers, turnToListen]);
  return <TasksContext value={live}>{children}</TasksContext>;
}

export function useLiveTasks(): LiveTasks {
  const live = use(TasksContext);
  if (live === undefined) throw new Error("useLiveTasks needs a TasksProvider above it.");
  return live;
}

export function useTasks(): TasksState {
  const live = useLiveTasks();
  return useSyncExternalStore(live.subscribe, live.state);
}

/** One task as it is by now, or as it was last heard of. */
export function useTask(known: TaskInfo): TaskInfo {
  return useTasks().tasks?.get(known.id) ?? known;
}
