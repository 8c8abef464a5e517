import { useQuery } from "@tanstack/react-query";
import { createContext, use, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from "react";
import { NeedsContext } from "../../components/page-title.tsx";
import { useServices } from "../../services.ts";
import { useTasks } from "../../tasks/use-tasks.ts";
import { itemsOf, keyOf, type InboxItem, type Refused } from "./items.ts";
import { createSeen, SEEN_KEY, type Seen } from "./seen.ts";

interface Inbox {
  /** Undefined until it is known. */
  items: readonly InboxItem[] | undefined;
  seen: Seen;
}

const InboxContext = createContext<Inbox | undefined>(undefined);
const MOST_FAILED = 100;
/** It is read from logs, every few minutes: nobody has to know sooner. */
const BUDGET_MS = 120_000;

/** A workspace that may not reach every host. */
export interface Guarded {
  id: string;
  name: string;
  /** Counts how often something more may have been refused. */
  refusals: number;
}

interface InboxProviderProps {
  guarded: readonly Guarded[];
  children: ReactNode;
}

/** What waits for somebody, for the whole page: its count stands in the header and in the title. */
export function InboxProvider({ guarded, children }: InboxProviderProps) {
  const { queries } = useServices();
  const refused = useRefused(guarded);
  const { tasks, snapshots } = useTasks();
  const [seen] = useState(() => createSeen(localStorage, Date.now));
  const version = useSyncExternalStore(seen.subscribe, seen.version);
  const failed = useQuery(queries.tasks.list.queryOptions({ input: { status: ["failed"], limit: MOST_FAILED } }));
  // One who may not see it has none.
  const { data: budget } = useQuery(
    queries.usage.budget.get.queryOptions({ refetchInterval: BUDGET_MS, retry: false }),
  );
  const { refetch, data: listed } = failed;
  useEffect(() => {
    if (snapshots > 1) void refetch();
  }, [snapshots, refetch]);
  useEffect(() => {
    const adopt = (event: StorageEvent) => event.key === SEEN_KEY && seen.adopt();
    window.addEventListener("storage", adopt);
    return () => window.removeEventListener("storage", adopt);
  }, [seen]);
  const inbox = useMemo<Inbox>(() => {
    if (tasks === undefined) return { items: undefined, seen };
    const byId = new Map([...(listed ?? []), ...tasks.values()].map((task) => [task.id, task]));
    // Tried again, or gone on with, it is somebody's concern already.
    for (const { retryOf, followUpOf } of byId.values()) {
      for (const before of [retryOf, followUpOf]) if (before !== undefined) byId.delete(before);
    }
    const items = itemsOf({
      live: byId.values(),
      failed: byId.values(),
      refused,
      budget,
      isSeen: seen.has,
      lookedSince: seen.since,
      now: Date.now(),
    });
    return { items, seen };
    // oxlint-disable-next-line react/exhaustive-deps -- what was seen is in the version
  }, [tasks, listed, refused, budget, seen, version]);
  return (
    <InboxContext value={inbox}>
      <NeedsContext value={inbox.items?.length ?? 0}>{children}</NeedsContext>
    </InboxContext>
  );
}

/** What each was refused since the agent began; asked again at each refusal that is heard of. */
function useRefused(guarded: readonly Guarded[]): readonly Refused[] {
  const { client } = useServices();
  const { data = NONE } = useQuery({
    queryKey: [REFUSALS, ...guarded],
    queryFn: ({ signal }) =>
      Promise.all(
        guarded.map(async ({ id, name }) => ({
          id,
          workspace: name,
          // One that cannot be asked takes nothing of the others along.
          refusals: await client.egress.refusals({ name }, { signal }).catch(() => []),
        })),
      ),
    enabled: guarded.length > 0,
    placeholderData: (before) => before,
  });
  return guarded.length > 0 ? data : NONE;
}

const NONE: readonly Refused[] = [];

/** Begins the key of what was refused. */
export const REFUSALS = "egress-refusals";

export function useInbox(): Inbox {
  const inbox = use(InboxContext);
  if (inbox === undefined) throw new Error("useInbox needs an InboxProvider above it.");
  return inbox;
}

/** A failure that is in sight while somebody looks at its task is no news any more. */
export function useSeenTask(id: string | undefined): void {
  const { items, seen } = useInbox();
  useEffect(() => {
    if (id === undefined || document.visibilityState === "hidden") return;
    const item = items?.find((one) => one.kind === "failed" && one.task.id === id);
    if (item?.kind === "failed") seen.add([keyOf(item.task)]);
  }, [id, items, seen]);
}
