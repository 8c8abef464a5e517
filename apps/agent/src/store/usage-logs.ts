import type { Clock, LogCursor, WorkspaceId } from "@ws/workspace-core";
import type { UsageSql } from "./usage-sql.ts";

/** How far the logs of workspaces were read. */
export interface UsageLogs {
  cursors(workspace: WorkspaceId): Map<string, LogCursor>;
  move(workspace: WorkspaceId, cursor: LogCursor): void;
  forget(workspace: WorkspaceId, logs: Iterable<string>): void;
}

/** A workspace can make logs for as long as it lives: of no more than so many is known how far they were read. */
export function createUsageLogs(sql: UsageSql, clock: Pick<Clock, "now">, most: number): UsageLogs {
  /** At least as many as there are: one that was not kept in the end is counted, too. */
  const counts = new Map<WorkspaceId, number>();
  const countOf = (workspace: WorkspaceId): number => Number(sql.countLogs.get(workspace)?.["count"]);

  return {
    cursors: (workspace) =>
      new Map(
        sql.cursors.all(workspace).map((row): [string, LogCursor] => {
          const log = String(row["log"]);
          return [log, { log, offset: Number(row["log_offset"]), state: String(row["state"]) }];
        }),
      ),
    move(workspace, { log, offset, state }) {
      const isNew = sql.knownLog.get(workspace, log) === undefined;
      sql.move.run({ workspace, log, log_offset: offset, state, read_at: clock.now() });
      if (!isNew) return;
      const known = counts.get(workspace);
      const count = known === undefined || known >= most ? countOf(workspace) : known + 1;
      counts.set(workspace, count);
      // Some at once, as those that were read longest ago have to be looked for.
      if (count > most) sql.forgetLogs.run({ workspace, count: count - most + Math.floor(most / 10) });
    },
    forget(workspace, logs) {
      for (const log of logs) sql.forgetLog.run(workspace, log);
      counts.delete(workspace);
    },
  };
}
