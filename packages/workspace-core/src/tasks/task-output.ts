import type { Bytes } from "../bytes.ts";
import { isWsError, WsError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import type { Conductor } from "./conductor.ts";
import { lastLines } from "./last-lines.ts";
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
  /** Begins with the last so many lines of what that attempt has said by now. */
  tail?: number;
  /** `errors`: what a coding tool wrote on stderr. Of other tasks that is part of the output, which is what comes where absent. */
  stream?: "output" | "errors";
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
  { from, tail, stream = "output", follow = false, signal = new AbortController().signal }: OutputOptions,
): AsyncGenerator<TaskOutput> {
  let attempt = from?.attempt ?? Math.max(1, records.need(id).attempt);
  let offset = from?.offset ?? 0;
  let lines = tail;
  for (;;) {
    const hasBegun = (record: TaskRecord): boolean => record.attempt >= attempt;
    const wanted = attempt;
    const record = follow
      ? await records.until(id, (now) => now.attempt >= wanted || isFinal(now.status), signal)
      : records.need(id);
    if (!hasBegun(record)) return;
    await conductor.started(id);
    try {
      if (lines !== undefined) {
        const last = await lastLines(readAttempt(record, attempt, false), lines);
        lines = undefined;
        for (const part of last.parts) yield part;
        offset = last.end;
      }
      if (tail === undefined || follow) {
        for await (const part of readAttempt(record, attempt, follow)) {
          offset = part.offset + part.bytes.length;
          yield part;
        }
      }
    } catch (error) {
      if (!follow || !isPassing(error) || signal.aborted || !isRunning(record)) throw told(error, record);
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

  async function* readAttempt(record: TaskRecord, which: number, live: boolean): AsyncGenerator<TaskOutput> {
    const runs = await workspaces.runs(record.workspace, signal);
    try {
      for await (const { offset: at, bytes } of runs.read(runIdOf({ id, attempt: which }), offset, {
        stream,
        live,
        signal,
      })) {
        yield { attempt: which, offset: at, bytes };
      }
    } catch (error) {
      // Of what ended long ago nothing is kept.
      if (!isWsError(error, "run_not_found")) throw error;
    }
  }

  function isRunning({ workspace }: TaskRecord): boolean {
    return workspaces.find(workspace)?.status === "running";
  }

  /** What it said lies in its workspace, and goes with that. */
  function told(error: unknown, { workspace }: TaskRecord): unknown {
    const place = workspaces.find(workspace);
    if (place === undefined) {
      return new WsError("workspace_not_found", {
        message: `What ${id} said is gone: its workspace was deleted.`,
        data: { name: "" },
      });
    }
    if (!isWsError(error, "workspace_not_running")) return error;
    return new WsError("workspace_not_running", {
      message: `What ${id} said lies in '${place.name}', which is ${place.status}.`,
      next: `Start it, and ask again: ws start ${place.name}`,
      data: error.data,
    });
  }
}
