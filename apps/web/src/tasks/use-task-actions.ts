import type { TaskInfo } from "@ws/rpc-contract";
import { useMemo, useState } from "react";
import { useToaster } from "../components/ui/toast.tsx";
import { useServices } from "../services.ts";
import { useLiveTasks } from "./use-tasks.ts";

export interface TaskActions {
  /** What is under way, so that nothing is asked for twice. */
  busy: "cancel" | "retry" | "resume" | undefined;
  cancel(): Promise<TaskInfo | undefined>;
  /** Makes a new task that asks for the same. */
  retry(): Promise<TaskInfo | undefined>;
  /** Lets a coding tool go on, with an answer where there is one; of a task that is over, as a new task. */
  resume(how: {
    prompt?: string;
    permissions?: TaskInfo["permissions"];
    /** Which try of it asked what is answered: nothing else is. */
    attempt?: number;
  }): Promise<TaskInfo | undefined>;
}

/** What can be done to a task. Each resolves to the task that came of it; undefined where it failed, which was said by then. */
export function useTaskActions({ id, title }: Pick<TaskInfo, "id" | "title">): TaskActions {
  const { client } = useServices();
  const toaster = useToaster();
  const live = useLiveTasks();
  const [busy, setBusy] = useState<TaskActions["busy"]>();
  return useMemo(() => {
    const attempt = async (
      what: NonNullable<TaskActions["busy"]>,
      failure: string,
      work: () => Promise<TaskInfo>,
    ): Promise<TaskInfo | undefined> => {
      setBusy(what);
      try {
        const task = await work();
        live.know(task);
        return task;
      } catch (error) {
        toaster.failed(failure, error);
        return undefined;
      } finally {
        setBusy(undefined);
      }
    };
    return {
      busy,
      cancel: () => attempt("cancel", `“${title}” was not cancelled`, () => client.tasks.cancel({ task: id })),
      retry: () => attempt("retry", `“${title}” was not tried again`, () => client.tasks.retry({ task: id })),
      resume: ({ prompt, permissions, attempt: asked }) =>
        attempt("resume", `“${title}” does not go on`, () =>
          client.tasks.resume({
            task: id,
            ...(prompt === undefined ? {} : { prompt }),
            ...(permissions === undefined ? {} : { permissions }),
            ...(asked === undefined ? {} : { attempt: asked }),
          }),
        ),
    };
  }, [busy, client, id, live, title, toaster]);
}
