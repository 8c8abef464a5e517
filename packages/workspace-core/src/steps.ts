import type { Engine } from "./engine.ts";
import { toWsError } from "./errors.ts";
import type { Report } from "./ports.ts";
import { reasonOf } from "./reasons.ts";
import { withStep } from "./records.ts";
import type { StartupStep, StepId, WorkspaceId } from "./workspace.ts";

const LABELS: Record<StepId, string> = {
  prepare: "Prepare",
  create: "Create the workspace",
  start: "Start",
  connect: "Connect",
  credentials: "Get the credential for the repository",
  devcontainer: "Follow the repository's devcontainer.json",
  clone: "Clone the repository",
  scripts: "Run scripts",
};

/** The steps of a start, none begun. */
export function pendingSteps(ids: readonly StepId[]): StartupStep[] {
  return ids.map((id) => ({ id, label: LABELS[id], status: "pending" }));
}

export type RunStep = <T>(id: StepId, work: (report: Report) => Promise<T>) => Promise<T>;

/** Runs steps one after the other and keeps the record, the log and the watchers informed of each. */
export function stepRunner(engine: Engine, id: WorkspaceId, signal: AbortSignal): RunStep {
  const { records, events, clock } = engine;
  return async (step, work) => {
    signal.throwIfAborted();
    const started = clock.monotonic();
    records.change(id, (record) => ({
      ...withStep(record, step, { status: "running", startedAt: clock.now() }),
      ...(record.operation === undefined ? {} : { operation: { ...record.operation, step } }),
    }));
    records.log(id, "startup", `${LABELS[step]} …`);
    let said = "";
    const report: Report = ({ message, percent }) => {
      const { name } = records.byId(id);
      events.emit({ type: "progress", id, name, step, message, ...(percent === undefined ? {} : { percent }) });
      // A percentage that counts up is one line of the log, not a hundred.
      const gist = message.replace(/\d+/g, "#");
      if (gist !== said) records.log(id, "startup", `  ${message}`);
      said = gist;
    };
    try {
      const result = await work(report);
      records.change(id, (record) => withStep(record, step, { status: "done", endedAt: clock.now() }));
      records.log(id, "startup", `${LABELS[step]}: done in ${seconds(clock.monotonic() - started)}`);
      return result;
    } catch (failure) {
      const error = await reasonOf(engine, records.byId(id), failure);
      const { message } = toWsError(error);
      records.change(id, (record) => withStep(record, step, { status: "error", message, endedAt: clock.now() }));
      records.log(id, "startup", `${LABELS[step]}: ${message}`);
      throw error;
    }
  };
}

/** Marks a step that this start has no need of. */
export function skipStep(engine: Engine, id: WorkspaceId, step: StepId): void {
  engine.records.change(id, (record) => withStep(record, step, { status: "skipped" }));
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 0)} s`;
}
