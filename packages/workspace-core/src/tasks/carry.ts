import { isWsError, toWsError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import type { RunRequest, Runs, RunState } from "../runs/runs.ts";
import type { StopReason, TaskEvent } from "./advance.ts";
import { toolMissing } from "./agents/verdict.ts";
import { failureOf, isPassing } from "./passing.ts";
import { runIdOf } from "./run-id.ts";
import type { TaskRecord } from "./task.ts";
import type { TaskWorkspaces } from "./task-workspaces.ts";

export interface Carrying {
  workspaces: TaskWorkspaces;
  clock: Pick<Clock, "sleep">;
  closing: AbortSignal;
  /** A signal for the next try; it aborts where something is to be looked at again. */
  turn: () => AbortSignal;
  requestOf: (record: TaskRecord) => Promise<RunRequest>;
  /** Waits for the end of a run, which is known already where the state says so, and tells what it means. */
  judge: (record: TaskRecord, runs: Runs, state: RunState | undefined, signal: AbortSignal) => Promise<TaskEvent>;
  /** Throws why it may not begin. */
  demand: () => void;
  /** Whether the task's end was asked for. */
  isToEnd: () => boolean;
  /** How its workspace was seen to go. */
  gone: () => StopReason | undefined;
  onReached: (runs: Runs) => void;
  onStarted: () => void;
  /** The way into the workspace, where it is known already. */
  runs?: Runs;
}

const REST_MS = { first: 250, longest: 5_000 };

/**
 * Takes a task that is recorded to run to the end of its run, through every loss of the way into its workspace. Starting it again is
 * safe, because a run is started once. Undefined where the agent closes first: the run goes on without it.
 */
export async function carryTask(record: TaskRecord, carrying: Carrying): Promise<TaskEvent | undefined> {
  const { workspaces, clock, closing, isToEnd } = carrying;
  const run = runIdOf(record);
  const stopped = (): { stopped?: StopReason } => {
    const reason = carrying.gone() ?? (isRunning(workspaces, record) ? undefined : "stopped");
    return reason === undefined ? {} : { stopped: reason };
  };
  let { runs } = carrying;
  let started = false;
  let ms = REST_MS.first;
  while (!closing.aborted) {
    const turn = carrying.turn();
    const signal = AbortSignal.any([closing, turn]);
    try {
      const reached = runs ?? (await workspaces.runs(record.workspace, signal));
      // Whether an earlier try began it nobody knows here, and what it was judged by may be otherwise now.
      if (!started && runs === undefined && !(await isThere(run, reached, signal))) carrying.demand();
      runs = undefined;
      const state = started ? undefined : await reached.start(await carrying.requestOf(record));
      started = true;
      carrying.onStarted();
      carrying.onReached(reached);
      if (isToEnd()) await reached.end(run);
      const event = await carrying.judge(record, reached, state, signal);
      return event.type === "ended" ? { ...event, ...stopped() } : event;
    } catch (error) {
      if (closing.aborted) return undefined;
      if (isGone(workspaces, record)) return { type: "ended", end: { how: "lost" }, stopped: "stopped" };
      if (isWsError(error, "run_not_found") && started) return { type: "ended", end: { how: "lost" }, ...stopped() };
      if (turn.aborted) continue;
      if (!isPassing(error) && !started) {
        const refused = await refuse(run, error, { workspaces, record, signal });
        if (refused !== undefined) return refused;
      }
      await clock.sleep(ms, signal).catch(() => undefined);
      ms = Math.min(REST_MS.longest, ms * 2);
    }
  }
  return undefined;
}

async function isThere(run: string, runs: Runs, signal: AbortSignal): Promise<boolean> {
  return (await runs.list(signal)).some(({ id }) => id === run);
}

/** Undefined where it cannot be made sure now that nothing of it runs, or ever will. */
async function refuse(
  run: string,
  error: unknown,
  { workspaces, record, signal }: { workspaces: TaskWorkspaces; record: TaskRecord; signal: AbortSignal },
): Promise<TaskEvent | undefined> {
  try {
    const reached = await workspaces.runs(record.workspace, signal);
    await reached.end(run);
  } catch {
    return undefined;
  }
  const { spec } = record;
  // Of one that is not there the tool is what is missing, whatever it is called in its command.
  if (spec.kind === "agent" && isWsError(error, "command_not_found")) {
    return { type: "refused", error: toolMissing(spec.tool) };
  }
  return { type: "refused", error: failureOf(toWsError(error)) };
}

function isRunning(workspaces: TaskWorkspaces, { workspace }: TaskRecord): boolean {
  return workspaces.find(workspace)?.status === "running";
}

/** Whether the place that it ran in is not there any more, and nobody is bringing it back just now. */
function isGone(workspaces: TaskWorkspaces, { workspace }: TaskRecord): boolean {
  const place = workspaces.find(workspace);
  return place === undefined || (place.status !== "running" && !place.busy);
}
