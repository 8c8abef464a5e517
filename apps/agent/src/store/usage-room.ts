import type { UsageEntry } from "@ws/workspace-core";
import type { UsageSql } from "./usage-sql.ts";

/** How much of the state what coding tools used may have: workspaces write their logs themselves, and as much into them as they like. */
export interface UsageBounds {
  /** Rows of one workspace, whose oldest answers become sums of hours beyond that; what is older than those is not taken in any more. */
  ofOne: number;
  /** Rows of all; the workspaces that have most give way. */
  all: number;
  /** Names of models for each workspace and tool; what has another one is of a model that nobody knows. */
  models: number;
  /** Logs of a workspace whose place is known. */
  logs: number;
}

export const USAGE_BOUNDS: UsageBounds = { ofOne: 200_000, all: 1_000_000, models: 50, logs: 12_000 };

/** How many rows are folded or deleted at once: whoever types in a terminal does not notice it. */
export const SLICE = 4_000;

/** What one workspace may still have. */
export interface UsageRoom {
  /** Whether an answer can be told from one that is in a sum already. */
  admits(entry: Pick<UsageEntry, "tool" | "key" | "at">): boolean;
  /** The model's name, or none. */
  modelOf(tool: string, model: string): string;
  /** To be called after rows were put, within their transaction. */
  keepWithin(put: number): void;
}

/** Asked once, and kept in memory: it must be forgotten where its transaction fails, and where somebody else takes rows away. */
export function createUsageRoom(sql: UsageSql, bounds: UsageBounds, workspace: string): UsageRoom {
  const models = new Map<string, Set<string>>();
  for (const { tool, model } of sql.models.all(workspace)) namesOf(String(tool)).add(String(model));
  let summed = Number(sql.summed.get(workspace)?.["summed"] ?? -Infinity);
  let rows = countRows();

  function namesOf(tool: string): Set<string> {
    const names = models.get(tool) ?? new Set();
    models.set(tool, names);
    return names;
  }

  function countRows(): number {
    return Number(sql.countOf.get(workspace)?.["count"] ?? 0);
  }

  return {
    admits: ({ tool, key, at }) => at > summed || sql.known.get(workspace, tool, key) !== undefined,
    modelOf(tool, model) {
      const names = namesOf(tool);
      if (model === "" || names.has(model)) return model;
      if (names.size >= bounds.models) return "";
      sql.name.run(workspace, tool, model);
      names.add(model);
      return model;
    },
    keepWithin(put) {
      // What was known already is counted, too, until that matters.
      rows += put;
      if (rows <= bounds.ofOne) return;
      rows = countRows();
      if (rows <= bounds.ofOne) return;
      const slice = Math.max(SLICE, 2 * put);
      const until = sql.oldest.get(workspace, slice)?.["at"];
      if (typeof until === "number") {
        summed = Math.max(summed, until);
        sql.sumUntil.run(workspace, summed);
        foldSlice(sql, { workspace, before: Number.MAX_SAFE_INTEGER, most: slice });
      }
      rows = countRows();
      // What comes to as many sums as it was answers is no tool's own log: its oldest go.
      const over = Math.min(rows - bounds.ofOne, slice);
      if (over > 0) rows -= Number(sql.drop.run(workspace, over).changes);
    },
  };
}

/** Makes sums of hours of a workspace's oldest answers; gives how many that were. Within a transaction. */
export function foldSlice(sql: UsageSql, slice: { workspace: string; before: number; most: number }): number {
  sql.fold.run(slice);
  return Number(sql.folded.run(slice).changes);
}
