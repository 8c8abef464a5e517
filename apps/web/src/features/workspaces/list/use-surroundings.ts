import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useLiveParts } from "../../../live/live-context.tsx";
import { useLiveUsage } from "../../../live/usage-context.tsx";
import { useServices } from "../../../services.ts";
import { mergeTasks } from "../../../tasks/live-tasks.ts";
import { RECENT_TASKS } from "../../../tasks/recent.ts";
import { useTasks } from "../../../tasks/use-tasks.ts";
import type { Need, Surroundings } from "./arrange.ts";
import { taskOfEach } from "./task-of.ts";
import type { Column } from "./view.ts";

const AGES_MS = 20_000;

/** What the list says of workspaces besides themselves. Readings move it only where it is sorted by them. */
export function useSurroundings(needs: ReadonlyMap<string, Need>, sortedBy: Column | undefined): Surroundings {
  const usage = useLiveUsage();
  const byReadings = sortedBy === "cpu" || sortedBy === "memory";
  const readings = useSyncExternalStore(byReadings ? usage.subscribe : never, byReadings ? usage.all : none);
  const tasks = useTaskOfEach();
  const now = useTicks(AGES_MS);
  const { changed } = useLiveParts();
  const news = useSyncExternalStore(changed.subscribe, changed.state);
  return useMemo(
    () => ({ tasks, needs, news, usage: usage.of, now }),
    // oxlint-disable-next-line react/exhaustive-deps -- another reading is another order
    [tasks, needs, news, usage, now, readings],
  );
}

function useTaskOfEach(): Surroundings["tasks"] {
  const { queries } = useServices();
  const { tasks: live, snapshots } = useTasks();
  const { data: listed, refetch } = useQuery(queries.tasks.list.queryOptions({ input: { limit: RECENT_TASKS } }));
  useEffect(() => {
    // What ended while the stream was away was told to nobody.
    if (snapshots > 1) void refetch();
  }, [snapshots, refetch]);
  return useMemo(() => taskOfEach(mergeTasks(listed ?? [], live?.values() ?? [])), [listed, live]);
}

function useTicks(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

const NONE = [] as const;
const none = () => NONE;
const never = () => () => undefined;
