import { useQuery } from "@tanstack/react-query";
import type { ComparisonInfo } from "@ws/rpc-contract";
import { useEffect, useMemo, useRef } from "react";
import { FRESH } from "../../fresh.ts";
import { useLive } from "../../live/live-context.tsx";
import { useServices } from "../../services.ts";
import { useTasks } from "../../tasks/use-tasks.ts";
import { attemptsNow, type Attempt } from "./attempt.ts";

/** One comparison as it is by now. */
export interface ComparisonNow {
  comparison: ComparisonInfo;
  attempts: Attempt[];
}

/** All comparisons, as they are by now; the last started first. */
export function useComparisons() {
  const { queries } = useServices();
  const { workspaces } = useLive();
  const { tasks } = useTasks();
  const query = useQuery({ ...queries.attempts.list.queryOptions(), ...FRESH });
  const { refetch } = query;
  // Who comes and goes is not in what was asked for.
  const members = (workspaces ?? []).flatMap(({ id, execution }) => (execution === undefined ? [] : [id])).join();
  const before = useRef(members);
  useEffect(() => {
    if (before.current !== members) void refetch();
    before.current = members;
  }, [members, refetch]);
  const comparisons = useMemo(
    () =>
      query.data?.map((comparison): ComparisonNow => ({
        comparison,
        attempts: attemptsNow(comparison, { workspaces, tasks }),
      })),
    [query.data, workspaces, tasks],
  );
  return { comparisons, error: query.error, isFetching: query.isFetching, refetch };
}
