import { useInfiniteQuery } from "@tanstack/react-query";
import type { TaskInfo } from "@ws/rpc-contract";
import { useEffect, useMemo } from "react";
import { toProblem, type Problem } from "../../problem.ts";
import { useServices } from "../../services.ts";
import { mergeTasks } from "../../tasks/live-tasks.ts";
import { useTasks } from "../../tasks/use-tasks.ts";

const PAGE = 50;

export interface TaskList {
  /** The last created first; undefined until the first answer. */
  tasks: readonly TaskInfo[] | undefined;
  problem: Problem | undefined;
  retry(): void;
  /** Undefined where there is nothing older. */
  older: (() => void) | undefined;
  loadingOlder: boolean;
}

/** The tasks of a workspace, or all, as they are by now: the agent's list, and over it what the stream tells. */
export function useTaskList(workspace: { id: string; name: string } | undefined): TaskList {
  const { queries } = useServices();
  const { tasks: live, snapshots } = useTasks();
  const name = workspace?.name;
  const list = useInfiniteQuery(
    queries.tasks.list.infiniteOptions({
      input: (before: string | undefined) => ({
        limit: PAGE,
        ...(name === undefined ? {} : { name }),
        ...(before === undefined ? {} : { before }),
      }),
      initialPageParam: undefined,
      getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.id),
    }),
  );
  const { refetch } = list;
  useEffect(() => {
    // What ended while the stream was away was told to nobody.
    if (snapshots > 1) void refetch();
  }, [snapshots, refetch]);
  const tasks = useMemo(() => {
    if (list.data === undefined) return undefined;
    const mine = [...(live?.values() ?? [])].filter(
      ({ workspaceId }) => workspace === undefined || workspaceId === workspace.id,
    );
    return mergeTasks(list.data.pages.flat(), mine);
  }, [list.data, live, workspace]);
  return {
    tasks,
    problem: list.error === null ? undefined : toProblem(list.error),
    retry: () => void refetch(),
    older: list.hasNextPage ? () => void list.fetchNextPage() : undefined,
    loadingOlder: list.isFetchingNextPage,
  };
}
