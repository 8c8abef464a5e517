import type { Clock, WorkspaceId, WorkspaceRecord } from "@ws/workspace-core";

/** Whose turn it is to be looked at. */
export interface Turns {
  /** The one that is due first of those that are watched, and in how many milliseconds; what is not among the open ones is forgotten. */
  next(
    open: readonly WorkspaceRecord[],
    isWatched: (record: WorkspaceRecord) => boolean,
  ): { record: WorkspaceRecord; inMs: number } | undefined;
  looked(record: WorkspaceRecord): void;
  /** `limitedMs` is how long its forge takes no more requests. */
  failed(record: WorkspaceRecord, limitedMs?: number): void;
  /** Its next looks come within seconds. */
  soon(id: WorkspaceId): void;
}

const EVERY_MS = 60_000;
/** What cannot be looked at for hours is asked for no more often. */
const RARELY_MS = 1_800_000;
/** A forge begins the checks of what was pushed seconds later. */
const AFTER_PUSH_MS = [5_000, 15_000];

interface Turn {
  /** By the monotonic clock. */
  due: number;
  failures: number;
  /** Looks that still come sooner than usual. */
  early: readonly number[];
}

/** In memory: what was looked at a moment ago is not due again because a page was reloaded. */
export function createTurns({ clock, random }: { clock: Pick<Clock, "monotonic">; random: () => number }): Turns {
  const turns = new Map<WorkspaceId, Turn>();
  const limited = new Map<string, number>();

  /** A tenth more or less. */
  const about = (ms: number): number => ms * (0.9 + 0.2 * random());
  const turnOf = (id: WorkspaceId): Turn => turns.get(id) ?? { due: clock.monotonic(), failures: 0, early: [] };

  return {
    next(open, isWatched) {
      const known = new Set(open.map(({ id }) => id));
      for (const id of turns.keys()) if (!known.has(id)) turns.delete(id);
      let first: { record: WorkspaceRecord; due: number } | undefined;
      for (const record of open.filter(isWatched)) {
        const turn = turnOf(record.id);
        turns.set(record.id, turn);
        const due = Math.max(turn.due, limited.get(hostOf(record)) ?? 0);
        if (first === undefined || due < first.due) first = { record, due };
      }
      return first && { record: first.record, inMs: Math.max(0, first.due - clock.monotonic()) };
    },
    looked({ id }) {
      const [sooner, ...early] = turnOf(id).early;
      turns.set(id, { due: clock.monotonic() + (sooner ?? about(EVERY_MS)), failures: 0, early });
    },
    failed(record, limitedMs) {
      const failures = turnOf(record.id).failures + 1;
      const pause = Math.min(EVERY_MS * 2 ** failures, RARELY_MS);
      turns.set(record.id, { failures, early: [], due: clock.monotonic() + about(pause) });
      // By a clock that is wrong somewhere a limit may last for years.
      const limit = Math.min(limitedMs ?? 0, 2 * RARELY_MS);
      if (limitedMs !== undefined) limited.set(hostOf(record), clock.monotonic() + limit);
    },
    soon(id) {
      const [first = 0, ...early] = AFTER_PUSH_MS;
      turns.set(id, { ...turnOf(id), due: clock.monotonic() + first, early });
    },
  };
}

/** Limits are each forge's own. */
function hostOf({ pullRequest }: WorkspaceRecord): string {
  const url = pullRequest?.url ?? "";
  return URL.canParse(url) ? new URL(url).host : url;
}
