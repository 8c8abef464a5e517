import type { Runs, RunState } from "../runs/runs.ts";
import { attemptOf } from "./run-id.ts";
import type { TaskRecords } from "./task-records.ts";

/** How many attempts' output is kept in a workspace. */
const MOST_KEPT = 100;

/** Ends what runs of tasks that do not know of it, and removes the output of the oldest attempts. */
export async function sweepRuns(runs: Runs, records: TaskRecords, signal: AbortSignal): Promise<void> {
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
