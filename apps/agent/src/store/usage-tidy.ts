import { setImmediate } from "node:timers/promises";
import type { DatabaseSync } from "node:sqlite";
import { OLDEST_MS } from "@ws/workspace-core";
import { transact } from "./database.ts";
import { foldSlice, SLICE, type UsageBounds } from "./usage-room.ts";
import type { UsageSql } from "./usage-sql.ts";

const DAY_MS = 86_400_000;
/** From then on hours are enough. Nothing that is older is taken in any more. */
const SINGLE_MS = OLDEST_MS + 5 * DAY_MS;
const KEPT_MS = 400 * DAY_MS;

/** Sums up what is long ago, forgets what is longer ago, and of what is too much that of the workspaces that have most. Others have their turn in between. */
export async function tidyUsage(
  db: DatabaseSync,
  sql: UsageSql,
  { bounds, now, isThere }: { bounds: UsageBounds; now: number; isThere: (workspace: string) => boolean },
): Promise<void> {
  async function slices(work: () => number): Promise<void> {
    while (transact(db, work) >= SLICE) await setImmediate();
    await setImmediate();
  }

  await slices(() => Number(sql.forget.run(now - KEPT_MS, SLICE).changes));
  const counts = new Map<string, number>();
  for (let workspace = nextOf(""); workspace !== undefined; workspace = nextOf(workspace)) {
    const slice = { workspace, before: now - SINGLE_MS, most: SLICE };
    await slices(() => foldSlice(sql, slice));
    counts.set(workspace, Number(sql.countOf.get(workspace)?.["count"]));
  }
  const share = shareOf([...counts.values()], bounds.all);
  for (const [workspace, count] of counts) {
    let over = count - share;
    await slices(() => {
      const dropped = over <= 0 ? 0 : Number(sql.drop.run(workspace, Math.min(over, SLICE)).changes);
      over -= dropped;
      return dropped;
    });
  }
  transact(db, () => {
    for (const row of sql.readFrom.all()) {
      const workspace = String(row["workspace"]);
      if (!isThere(workspace)) for (const unread of sql.unread) unread.run(workspace);
    }
  });

  function nextOf(before: string): string | undefined {
    const next = sql.next.get(before)?.["workspace"];
    return typeof next === "string" ? next : undefined;
  }
}

/** How much each may have so that all together have no more than that: who has less keeps all of it, and leaves the rest to the others. */
function shareOf(counts: readonly number[], all: number): number {
  let [room, others] = [all, counts.length];
  for (const count of counts.toSorted((a, b) => a - b)) {
    if (count * others > room) return Math.floor(room / others);
    room -= count;
    others -= 1;
  }
  return Infinity;
}
