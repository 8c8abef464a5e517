import { useQueryClient } from "@tanstack/react-query";
import type { FinalizeInput, WorkspaceInfo } from "@ws/rpc-contract";
import { useState } from "react";
import { useToaster } from "../../../components/ui/toast.tsx";
import { toProblem, type Problem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";
import { useGitRefresh } from "../use-git.ts";

/** Pushes and brings the pull request along. It goes on in the worker where the page is closed; repeated, it goes on where it failed. */
export function useFinalize({ name, operation }: Pick<WorkspaceInfo, "name" | "operation">) {
  const toaster = useToaster();
  const { client, queries } = useServices();
  const queryClient = useQueryClient();
  const refresh = useGitRefresh();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const finalize = async (input: Omit<FinalizeInput, "name">, done: string): Promise<boolean> => {
    setAsking(true);
    setProblem(undefined);
    try {
      await client.workspaces.finalize({ name, ...input });
      toaster.done(done);
      return true;
    } catch (error) {
      setProblem(toProblem(error));
      return false;
    } finally {
      setAsking(false);
      void refresh();
      void queryClient.invalidateQueries({ queryKey: queries.workspaces.pullRequest.key() });
    }
  };
  return { finalize, problem, busy: asking || operation === "finalize" };
}
