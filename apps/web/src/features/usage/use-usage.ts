import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useToday } from "./use-today.ts";
import { useServices } from "../../services.ts";
import { beginOf, ownZone, type Range, type Side } from "./range.ts";

const AGAIN_MS = 60_000;

/** What was used by one of its sides; what is shown stays until the next is there. */
export function useSummary(by: Side, range: Range) {
  const { queries } = useServices();
  const now = useToday();
  const input = { by, from: beginOf(range, now), zone: ownZone() };
  return useQuery(
    queries.usage.summary.queryOptions({ input, refetchInterval: AGAIN_MS, placeholderData: keepPreviousData }),
  );
}

export function useBudget() {
  const { queries } = useServices();
  return useQuery(queries.usage.budget.get.queryOptions({ refetchInterval: AGAIN_MS }));
}

/** Has the worker read the tools' logs, once at first: what is known already is shown meanwhile. */
export function useReading(): { reading: boolean; read: () => void } {
  const { queries } = useServices();
  const queryClient = useQueryClient();
  const now = useToday();
  const { isFetching, refetch, dataUpdatedAt } = useQuery(
    queries.usage.summary.queryOptions({
      input: { by: "agent", refresh: true, from: beginOf("7d", now), zone: ownZone() },
      staleTime: AGAIN_MS,
    }),
  );
  useEffect(() => {
    if (dataUpdatedAt === 0) return;
    // All but what has just been read.
    void queryClient.invalidateQueries({
      queryKey: queries.usage.key(),
      predicate: ({ state }) => state.dataUpdatedAt !== dataUpdatedAt,
    });
  }, [dataUpdatedAt, queries, queryClient]);
  return { reading: isFetching, read: () => void refetch() };
}
