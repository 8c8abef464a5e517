import type { TaskId, WorkspaceId } from "@ws/workspace-core";
import type { State } from "../store/store.ts";

/** Where the workspace of a call is found that names one, or a task. */
export interface Places {
  /** The id of the live workspace with this name. */
  named: (name: string) => WorkspaceId | undefined;
  /** The id of the live workspace that this task is in. */
  withTask: (task: string) => WorkspaceId | undefined;
  /** Whose secrets what is said of a call must not tell: of the workspace that it names, or that the task which it names is or was in. */
  about: (input: unknown) => WorkspaceId | undefined;
}

export function createPlaces({ workspaces, tasks }: Pick<State, "workspaces" | "tasks">): Places {
  const named: Places["named"] = (name) => workspaces.getByName(name)?.id;
  return {
    named,
    about(input) {
      const { name, task } = (input ?? {}) as { name?: unknown; task?: unknown };
      if (typeof name === "string") return named(name);
      return typeof task === "string" ? tasks.get(task as TaskId)?.workspace : undefined;
    },
    withTask(task) {
      const id = tasks.get(task as TaskId)?.workspace;
      const name = id === undefined ? undefined : workspaces.get(id)?.name;
      // A deleted one is still known, and its name may be another's by now.
      return name !== undefined && named(name) === id ? id : undefined;
    },
  };
}
