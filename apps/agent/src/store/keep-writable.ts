import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Log } from "@ws/workspace-core";
import { diskFull, isFull } from "./disk-full.ts";
import { createInsist, type Insist } from "./insist.ts";
import type { Reserve } from "./reserve.ts";

/** From now on a statement that meets a full disk is `disk_full`; what is insisted on is written all the same. */
export function keepWritable(db: DatabaseSync, { reserve, log }: { reserve: Reserve; log: Log }): Insist {
  const prepare = db.prepare.bind(db);
  db.prepare = (...of) => guarded(prepare(...of));
  reserve.refill();

  function guarded(statement: StatementSync): StatementSync {
    for (const method of ["run", "get", "all"] as const) {
      const real = statement[method].bind(statement) as (...values: unknown[]) => unknown;
      Object.assign(statement, { [method]: (...values: unknown[]) => attempt(() => real(...values)) });
    }
    return statement;
  }

  function attempt<T>(work: () => T): T {
    try {
      const result = work();
      if (!db.isTransaction) reserve.refill();
      return result;
    } catch (error) {
      throw isFull(error) ? diskFull(error) : error;
    }
  }

  function makeRoom(): boolean {
    if (!reserve.give()) return false;
    try {
      // Then the next change overwrites the write-ahead log instead of making it longer.
      db.exec("PRAGMA wal_checkpoint(RESTART)");
    } catch (error) {
      if (!isFull(error)) throw error;
    }
    return true;
  }

  const told = (): void => log.warn("the state's disk is full; what is kept for stops and deletes is in use");
  return createInsist({ reserve, makeRoom, told });
}
