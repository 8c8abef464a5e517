import type { Runs, RunState } from "../runs/runs.ts";
import type { Log } from "../ports.ts";
import type { WorkspaceId } from "../workspace.ts";
import { attemptOf } from "./run-id.ts";
import type { TaskRecords } from "./task-records.ts";

/** How many attempts' output is kept in a workspace. */
const MOST_KEPT = 100;
const SWEEP_EVERY = 50;

/** Looks at what earlier tasks left in a workspace: at first, and then now and again. */
export function createSweeper({ records, log, closing }: { records: TaskRecords; log: Log; closing: AbortSignal }) {
  /** How many runs were begun in a workspace since it was swept. */
  const unswept = new Map<WorkspaceId, number>();
  return {
    look(id: WorkspaceId, runs: Runs): void {
      const count = (unswept.get(id) ?? SWEEP_EVERY) + 1;
      unswept.set(id, count > SWEEP_EVERY ? 0 : count);
      if (count <= SWEEP_EVERY) return;
      sweepRuns(runs, records, closing).catch((error: unknown) => {
        unswept.delete(id);
        if (!closing.aborted) log.debug("what earlier tasks left was not looked at", { workspace: id, error });
      });
    },
    /** It is gone. */
    forget: (id: WorkspaceId): void => void unswept.delete(id),
  };
}

/** Ends what runs of tasks that do not know of it, and removes the output of the oldest attempts. */
async function sweepRuns(runs: Runs, records: TaskRecords, signal: AbortSignal): Promise<void> {
  const states = (await runs.list(signal)).filter(({ id }) => attemptOf(id) !== undefined);
  for (const { id } of states.filter((state) => state.ended === undefined && !isKnown(state, records))) {
    await runs.end(id);
  }
  // One that began long ago may have ended just now, and nobody has read yet how.
  const over = states
    .filter((state) => state.ended !== undefined && !isKnown(state, records))
    .sort((a, b) => b.startedAt - a.startedAt);
  for (const { id } of over.slice(MOST_KEPT)) await runs.remove(id);
}

function isKnown({ id }: RunState, records: TaskRecords): boolean {
  const run = attemptOf(id);
  const record = run === undefined ? undefined : records.find(run.id);
  return record?.status === "running" && record.attempt === run?.attempt;
}
