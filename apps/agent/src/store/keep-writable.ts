import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Log } from "@ws/workspace-core";
import { diskFull, isFull, withRoom } from "./disk-full.ts";
import type { Reserve } from "./reserve.ts";

/**
 * From now on a statement that meets a full disk is tried once more, on the space that was kept for this; a disk that is
 * full all the same is `disk_full`. A delete has to be written down before it can give any space back.
 */
export function keepWritable(db: DatabaseSync, { reserve, log }: { reserve: Reserve; log: Log }): void {
  const prepare = db.prepare.bind(db);
  db.prepare = (...of) => guarded(prepare(...of));

  function guarded(statement: StatementSync): StatementSync {
    for (const method of ["run", "get", "all"] as const) {
      const real = statement[method].bind(statement) as (...values: unknown[]) => unknown;
      Object.assign(statement, { [method]: (...values: unknown[]) => attempt(() => real(...values)) });
    }
    return statement;
  }

  function attempt<T>(work: () => T): T {
    if (db.isTransaction) return inTransaction(work);
    const result = withRoom(work, makeRoom);
    reserve.refill();
    return result;
  }

  function makeRoom(): void {
    if (reserve.release()) log.warn("the state's disk is full; what was kept for that is in use now");
    try {
      // Then the next change overwrites the write-ahead log instead of making it longer.
      db.exec("PRAGMA wal_checkpoint(RESTART)");
    } catch (error) {
      if (!isFull(error)) throw error;
    }
  }
}

/** What came before it in the transaction is gone with it, so that trying again would leave half of it. */
function inTransaction<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw isFull(error) ? diskFull(error) : error;
  }
}
