import type { WorkspaceInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { useMemo } from "react";
import { useToaster, type Toaster } from "../../../components/ui/toast.tsx";
import { toProblem, type Problem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";

export interface WorkspaceActions {
  start(workspace: Shown): Promise<boolean>;
  stop(workspace: Shown): Promise<boolean>;
  restart(workspace: Shown): Promise<boolean>;
  remove(workspace: Shown, how?: RemoveOptions): Promise<boolean>;
}

/** Which one was shown where it was pressed: by then its name may be another's, and the worker refuses. */
type Shown = Pick<WorkspaceInfo, "id" | "name">;

interface RemoveOptions {
  /** Destroys also what lies nowhere else; without it that is refused with `unpushed_work`. */
  force?: boolean;
  /** Shows a failure itself, unless it returns false. */
  onFailure?: (problem: Problem) => boolean;
}

/** What can be done to a workspace. Each resolves to whether it was done; a failure was shown by then. */
export function useActions(): WorkspaceActions {
  const { client } = useServices();
  const toaster = useToaster();
  return useMemo(() => createActions(client, toaster), [client, toaster]);
}

export function createActions(client: AgentClient, toaster: Pick<Toaster, "done" | "failed">): WorkspaceActions {
  return {
    start: ({ id, name }) => attempt(`'${name}' was not started`, () => client.workspaces.start({ name, id })),
    stop: ({ id, name }) => attempt(`'${name}' was not stopped`, () => client.workspaces.stop({ name, id })),
    restart: ({ id, name }) => attempt(`'${name}' was not restarted`, () => client.workspaces.restart({ name, id })),
    async remove({ id, name }, { force = false, onFailure } = {}) {
      const work = () => client.workspaces.delete({ name, id, ...(force ? { force } : {}) });
      const removed = await attempt(`'${name}' was not deleted`, work, onFailure);
      if (removed) toaster.done(`'${name}' was deleted.`);
      return removed;
    },
  };

  async function attempt(
    failure: string,
    work: () => Promise<unknown>,
    onFailure: RemoveOptions["onFailure"] = () => false,
  ): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!onFailure(toProblem(error))) toaster.failed(failure, error);
      return false;
    }
  }
}
