import type { Bytes } from "../bytes.ts";
import { isWsError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import type { Conductor } from "./conductor.ts";
import { isPassing } from "./passing.ts";
import { runIdOf } from "./run-id.ts";
import { isFinal, type TaskId, type TaskRecord } from "./task.ts";
import type { TaskRecords } from "./task-records.ts";
import type { TaskWorkspaces } from "./task-workspaces.ts";

/** Some of what an attempt of a task said. */
export interface TaskOutput {
  attempt: number;
  /** Of the first of the bytes, among all that the attempt said. One that jumps is what was not kept. */
  offset: number;
  bytes: Bytes;
}

export interface OutputOptions {
  /** Where to begin; the present attempt, or the first, from its beginning where absent. */
  from?: { attempt: number; offset: number };
  /** Whether to wait for what is still to come, of further attempts too, until the task is over. */
  follow?: boolean;
  signal?: AbortSignal;
}

const REST_MS = 1_000;

export async function* readTaskOutput(
  {
    records,
    workspaces,
    conductor,
    clock,
  }: {
    records: TaskRecords;
    workspaces: TaskWorkspaces;
    conductor: Pick<Conductor, "started">;
    clock: Pick<Clock, "sleep">;
  },
  id: TaskId,
  { from, follow = false, signal = new AbortController().signal }: OutputOptions,
): AsyncGenerator<TaskOutput> {
  let attempt = from?.attempt ?? Math.max(1, records.need(id).attempt);
  let offset = from?.offset ?? 0;
  for (;;) {
    const hasBegun = (record: TaskRecord): boolean => record.attempt >= attempt;
    const wanted = attempt;
    const record = follow
      ? await records.until(id, (now) => now.attempt >= wanted || isFinal(now.status), signal)
      : records.need(id);
    if (!hasBegun(record)) return;
    await conductor.started(id);
    try {
      for await (const part of readAttempt(record, attempt)) {
        offset = part.offset + part.bytes.length;
        yield part;
      }
    } catch (error) {
      if (!follow || !isPassing(error) || signal.aborted || workspaces.find(record.workspace)?.status !== "running")
        throw error;
      await clock.sleep(REST_MS, signal);
      continue;
    }
    if (!follow) return;
    // Its run is over; what becomes of the task is written down a moment later.
    const next = await records.until(id, (now) => now.attempt > wanted || now.status !== "running", signal);
    if (isFinal(next.status) && next.attempt <= wanted) return;
    attempt += 1;
    offset = 0;
  }

  async function* readAttempt(record: TaskRecord, which: number): AsyncGenerator<TaskOutput> {
    const runs = await workspaces.runs(record.workspace, signal);
    const run = runIdOf({ id, attempt: which });
    const state = follow ? undefined : (await runs.list(signal)).find((one) => one.id === run);
    if (!follow && (state === undefined || state.end <= offset)) return;
    try {
      for await (const { offset: at, bytes } of runs.read(run, offset, { signal })) {
        yield { attempt: which, offset: at, bytes };
        if (state !== undefined && at + bytes.length >= state.end) return;
      }
    } catch (error) {
      // Of what ended long ago nothing is kept.
      if (!isWsError(error, "run_not_found")) throw error;
    }
  }
}
