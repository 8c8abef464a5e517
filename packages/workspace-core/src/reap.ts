import { throwIfAborted } from "./aborted.ts";
import { cleanUp, foresee } from "./cleanup.ts";
import type { Engine } from "./engine.ts";
import type { Cleanup } from "./outcomes.ts";
import { statusOf, type WorkspaceRecord } from "./workspace.ts";

/**
 * Cleans up what is left over: creates that failed, and stopped workspaces that may be cleaned up by themselves. One after
 * the other: each may have to be started to be looked at.
 */
export async function reap(
  engine: Engine,
  { dryRun = false, force = false, signal }: { dryRun?: boolean; force?: boolean; signal: AbortSignal },
): Promise<Cleanup[]> {
  const decided: Cleanup[] = [];
  for (const { id } of engine.store
    .list()
    .filter((record) => isLeftOver(record) && !engine.operations.busy(record.id))) {
    throwIfAborted(signal);
    const decision = await engine.operations.run(id, "delete", async (own): Promise<Cleanup | undefined> => {
      const ending = AbortSignal.any([own, signal]);
      const record = engine.records.byId(id);
      // Whoever had to wait for the others may have been started meanwhile.
      if (!isLeftOver(record)) return undefined;
      if (dryRun) return foresee(engine, record, { force, signal: ending });
      return cleanUp(engine, id, { force, reason: "it was left over", signal: ending });
    });
    if (decision !== undefined) decided.push(decision);
  }
  return decided;
}

function isLeftOver(record: WorkspaceRecord): boolean {
  const status = statusOf(record);
  return status === "error" || (status === "stopped" && record.autoCleanup === true);
}
