import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { useMatch } from "react-router";
import { useLiveParts, useLive } from "../../../live/live-context.tsx";
import { useServices } from "../../../services.ts";
import { mergeTasks } from "../../../tasks/live-tasks.ts";
import { RECENT_TASKS } from "../../../tasks/recent.ts";
import { useTasks } from "../../../tasks/use-tasks.ts";
import { createChanges } from "./changes.ts";
import { fingerprint, lastEnds } from "./fingerprint.ts";
import { SEEN_LIST_KEY } from "./key.ts";

/** What happened while the page was hidden comes so long after it is shown again, at the latest. */
const CATCHES_UP_MS = 10_000;

/** Follows what changes while nobody looks at the list of workspaces, for whoever shows it. */
export function useChanges(): void {
  const { worker } = useServices();
  const { changed } = useLiveParts();
  const { snapshots } = useTasks();
  const now = usePrints();
  const isShown = useSyncExternalStore(onVisibility, isVisible);
  const isList = useMatch("/") !== null;
  const open = useMatch("/w/:name/*")?.params.name;
  const { workspaces } = useLive();
  const openId = workspaces?.find(({ name }) => name === open)?.id;
  const changes = useMemo(
    () => createChanges(localStorage, worker === undefined ? SEEN_LIST_KEY : `${SEEN_LIST_KEY} ${worker}`),
    [worker],
  );
  const arrival = useRef({ isFirst: true, until: 0, snapshots });

  useEffect(() => {
    // The page, or the list in it, was out of sight: the stream may have to catch up first.
    if (!isShown) arrival.current = { isFirst: true, until: Number.POSITIVE_INFINITY, snapshots };
    else if (arrival.current.until === Number.POSITIVE_INFINITY) arrival.current.until = Date.now() + CATCHES_UP_MS;
    if (!isList) arrival.current.isFirst = true;
    if (now === undefined || !isShown) return;
    if (isList) {
      const { isFirst, until } = arrival.current;
      const isLate = Date.now() < until;
      if (isFirst || isLate) changes.arrive(now);
      else changes.stay(now);
      arrival.current.isFirst = false;
      if (snapshots !== arrival.current.snapshots) arrival.current.until = 0;
    } else if (openId !== undefined) changes.seen(now, [openId]);
    changed.set(changes.changed());
    // oxlint-disable-next-line react/exhaustive-deps -- another snapshot comes with other prints or none
  }, [now, isShown, isList, openId, changes, changed]);

  useEffect(
    () =>
      changed.subscribe(() => {
        // Whoever says that they have seen all empties it.
        if (changed.state().size === 0 && changes.changed().size > 0 && now !== undefined) changes.seen(now);
      }),
    [changed, changes, now],
  );
}

/** How each workspace is, once all is known that belongs to it. */
function usePrints(): ReadonlyMap<string, string | undefined> | undefined {
  const { queries } = useServices();
  const { workspaces } = useLive();
  const { tasks } = useTasks();
  const { data: listed } = useQuery(queries.tasks.list.queryOptions({ input: { limit: RECENT_TASKS } }));
  return useMemo(() => {
    if (workspaces === undefined || tasks === undefined || listed === undefined) return undefined;
    const ends = lastEnds(mergeTasks(listed, tasks.values()));
    return new Map(workspaces.map((workspace) => [workspace.id, fingerprint(workspace, ends.get(workspace.id))]));
  }, [workspaces, tasks, listed]);
}

function onVisibility(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

function isVisible(): boolean {
  return document.visibilityState === "visible";
}
