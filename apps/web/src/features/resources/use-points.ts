import type { UsagePoint } from "@ws/rpc-contract";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useLiveUsage } from "../../live/usage-context.tsx";
import { useServices } from "../../services.ts";
import { SPAN_SECONDS, withLive, type Span } from "./history.ts";

/** A day's points come every five minutes; of an hour the stream tells the newest. */
const AGAIN_MS: Readonly<Record<Span, number>> = { hour: 300_000, day: 60_000 };
/** Of one that has just begun to run there is a first point within seconds. */
const FIRST_MS = 5_000;

/** What a workspace used in the span up to now, with what is told of it meanwhile. */
export function usePoints({ id, name }: { id: string; name: string }, span: Span) {
  const { queries } = useServices();
  const history = useQuery({
    ...queries.workspaces.usageHistory.queryOptions({ input: { name, span } }),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.points.length === 0 ? FIRST_MS : AGAIN_MS[span]),
    refetchOnMount: "always",
  });
  const live = useTold(id);
  const { data } = history;
  const points = useMemo(() => {
    if (data === undefined) return undefined;
    return span === "hour" ? withLive(data, live) : data.points;
  }, [data, live, span]);
  return { ...history, points };
}

/** What the stream has told since this is shown, of an hour at most. */
function useTold(id: string): readonly UsagePoint[] {
  const usage = useLiveUsage();
  const [told, setTold] = useState<readonly UsagePoint[]>([]);
  useEffect(() => {
    const take = (): void => {
      const reading = usage.of(id);
      if (reading === undefined) return;
      const { id: _id, memoryLimitBytes: _limit, ...point } = reading;
      const oldest = new Date(Date.parse(point.at) - SPAN_SECONDS.hour * 1_000).toISOString();
      setTold((before) => [...before.filter(({ at }) => at > oldest && at < point.at), point]);
    };
    take();
    return usage.watch(id, take);
  }, [usage, id]);
  return told;
}
