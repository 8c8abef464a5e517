import type { Clock } from "../ports.ts";
import type { WorkspaceId } from "../workspace.ts";
import type { EgressTarget } from "./egress.ts";

/** A connection that a program in a workspace asked for and did not get. Times are milliseconds since the epoch. */
export interface EgressRefusal extends EgressTarget {
  why: string;
  /** What would allow it; absent where nothing does. */
  rule?: string;
  count: number;
  firstAt: number;
  lastAt: number;
}

/** What was refused since the agent began; whoever is inside can have anything refused, so not all of it is kept. */
export interface Refusals {
  /** Whether it is to be told of: not each time, and not every one of very many. */
  add(id: WorkspaceId, asked: EgressTarget, why: string, rule?: string): boolean;
  /** The latest first. */
  list(id: WorkspaceId): EgressRefusal[];
  forget(id: WorkspaceId): void;
}

const KEPT = 200;
const TOLD_AGAIN_MS = 600_000;
const TOLD = 30;

interface Kept extends EgressRefusal {
  toldAt?: number;
}

export function createRefusals(clock: Pick<Clock, "now" | "monotonic">): Refusals {
  const all = new Map<WorkspaceId, Map<string, Kept>>();
  const windows = new Map<WorkspaceId, { since: number; told: number }>();

  function mayTell(id: WorkspaceId): boolean {
    const now = clock.monotonic();
    let window = windows.get(id);
    if (window === undefined || now - window.since >= TOLD_AGAIN_MS)
      windows.set(id, (window = { since: now, told: 0 }));
    window.told += 1;
    return window.told <= TOLD;
  }

  return {
    add(id, { host, port }, why, rule) {
      const mine = all.get(id) ?? new Map<string, Kept>();
      all.set(id, mine);
      const key = `${host} ${port}`;
      const earlier = mine.get(key);
      const now = clock.now();
      const isDue = earlier?.toldAt === undefined || clock.monotonic() - earlier.toldAt >= TOLD_AGAIN_MS;
      const tells = isDue && mayTell(id);
      const toldAt = tells ? clock.monotonic() : earlier?.toldAt;
      // Taken out first, so that it is the latest.
      mine.delete(key);
      mine.set(key, {
        host,
        port,
        why,
        ...(rule === undefined ? {} : { rule }),
        count: (earlier?.count ?? 0) + 1,
        firstAt: earlier?.firstAt ?? now,
        lastAt: now,
        ...(toldAt === undefined ? {} : { toldAt }),
      });
      const [oldest] = mine.keys();
      if (mine.size > KEPT && oldest !== undefined) mine.delete(oldest);
      return tells;
    },
    list: (id) => [...(all.get(id)?.values() ?? [])].toReversed().map(({ toldAt: _toldAt, ...refusal }) => refusal),
    forget(id) {
      all.delete(id);
      windows.delete(id);
    },
  };
}
