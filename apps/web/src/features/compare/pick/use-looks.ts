import { useQueries } from "@tanstack/react-query";
import { toProblem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";
import type { Attempt } from "../attempt.ts";
import type { Look } from "./fates.ts";

/** What each holds that lies nowhere else, looked at again when its task comes to its end; a stopped one is started for the look, and stopped again. */
export function useLooks(others: readonly Attempt[]): Look[] {
  const { client } = useServices();
  const queries = useQueries({
    queries: others.map(({ name, workspaceId, status, task }) => ({
      queryKey: ["foreseen", workspaceId, status === "running", task?.status],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        client.workspaces.cleanup({ name, id: workspaceId, dryRun: true }, { signal }),
      staleTime: 0,
      gcTime: 0,
      // A network that changed asks again; what the worker refuses is said at once.
      retry: (failures: number, error: unknown) => failures < 2 && toProblem(error).code === "unreachable",
      refetchOnWindowFocus: false,
    })),
  });
  return queries.map(({ data, error }): Look => {
    if (error !== null) return { problem: toProblem(error).message };
    return data === undefined ? undefined : { foreseen: data };
  });
}
