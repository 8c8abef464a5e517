import type { AgentClient } from "@ws/rpc-contract/client";
import { useMemo } from "react";
import { useToaster, type Toaster } from "../../../components/ui/toast.tsx";
import { toProblem, type Problem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";

export interface WorkspaceActions {
  start(name: string): Promise<boolean>;
  stop(name: string): Promise<boolean>;
  restart(name: string): Promise<boolean>;
  remove(name: string, how?: RemoveOptions): Promise<boolean>;
}

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

function createActions(client: AgentClient, toaster: Toaster): WorkspaceActions {
  return {
    start: (name) => attempt(`'${name}' was not started`, () => client.workspaces.start({ name })),
    stop: (name) => attempt(`'${name}' was not stopped`, () => client.workspaces.stop({ name })),
    restart: (name) => attempt(`'${name}' was not restarted`, () => client.workspaces.restart({ name })),
    async remove(name, { force = false, onFailure } = {}) {
      const work = () => client.workspaces.delete({ name, ...(force ? { force } : {}) });
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
