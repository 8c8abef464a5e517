import { isWsError, toWsError } from "../errors.ts";
import type { Log } from "../ports.ts";
import type { WorkspaceId } from "../workspace.ts";
import type { TaskEvent } from "./advance.ts";
import { isNumberZero } from "./number-zero.ts";
import { failureOf, isPassing } from "./passing.ts";
import { isFinal, type TaskFailure, type TaskId, type TaskRecord } from "./task.ts";
import type { TaskRecords } from "./task-records.ts";
import type { TaskWorkspaces } from "./task-workspaces.ts";

/** A numbered workspace that a task has for itself. */
export interface TakenLease {
  /** The lease's own id. */
  lease: string;
  workspace: WorkspaceId;
}

/** Where tasks take numbered workspaces. A lease names the task that it was handed to, so that whoever comes after a killed agent finds it. */
export interface TaskLeases {
  /** What was handed to a task; what is still being made for it is not. */
  held(task: TaskId): TakenLease | undefined;
  /** All tasks that something was handed to. */
  holders(): TaskId[];
  /**
   * Makes a workspace of what the task's reference led to and hands it over. What fails or is cancelled on the way is given back. Throws `lease_unavailable`,
   * `lease_failed`, `aborted`.
   */
  take(task: TaskRecord, signal: AbortSignal): Promise<TakenLease>;
  /** Gives back what was handed to a task; nothing is success. A workspace that holds what lies nowhere else is kept. */
  giveBack(task: TaskId): Promise<void>;
}

/** Gives tasks of a reference their workspace when their turn comes, and takes it back from those that end before they begin. */
export interface Leasing {
  /** Takes up what an earlier agent left, and hears of what comes to its end from then on. */
  begin(): Promise<void>;
  /** One try. Resolves to what becomes of the task where it can have none, or to `rest` where there is none now. */
  place(id: TaskId, signal: AbortSignal): Promise<TaskEvent | "rest" | undefined>;
}

export function createLeasing(ports: {
  records: TaskRecords;
  leases: TaskLeases | undefined;
  workspaces: Pick<TaskWorkspaces, "find">;
  demand: (record: TaskRecord) => void;
  log: Log;
  closing: AbortSignal;
}): Leasing {
  const { records, leases, workspaces, demand, log, closing } = ports;

  /** One that never began has done nothing in its workspace, which nobody would miss. */
  async function giveBack({ id, workspace }: TaskRecord): Promise<void> {
    if (leases?.held(id) === undefined) return;
    // Somebody else was quick to ask for something in it.
    if (!isNumberZero(workspace) && records.ofWorkspace(workspace).length > 0) return;
    try {
      await leases.giveBack(id);
    } catch (error) {
      if (!closing.aborted)
        log.warn("the workspace of a task that did not begin could not be given back", { task: id, error });
    }
  }

  /** One that is cancelled while its workspace is made for it is seen to by whoever makes that. */
  async function listen(changes: AsyncIterable<TaskRecord>): Promise<void> {
    for await (const record of changes) if (isUnused(record)) void giveBack(record);
  }

  return {
    begin() {
      const listening = listen(records.feed.subscribe(closing));
      for (const id of leases?.holders() ?? []) {
        const record = records.find(id);
        const taken = leases?.held(id);
        if (record === undefined || taken === undefined) continue;
        if (isUnused(record)) void giveBack(record);
        // It was killed between the two.
        else if (isToPlace(record) && workspaces.find(taken.workspace) !== undefined)
          records.change(id, { type: "placed", ...taken });
      }
      return listening;
    },
    async place(id, signal) {
      try {
        const record = records.need(id);
        if (leases === undefined || record.lease === undefined) throw new Error("nobody hands out workspaces to tasks");
        demand(record);
        const taken = leases.held(id) ?? (await make(leases, record));
        const { status } = records.need(id);
        if (status === "pending") records.change(id, { type: "placed", ...taken });
        else if (isFinal(status)) await giveBack(records.need(id));
        return undefined;
      } catch (error) {
        if (closing.aborted || records.find(id)?.status !== "pending") return undefined;
        const failure = toWsError(error);
        const isLater = isWsError(failure, "lease_unavailable") || isPassing(failure) || isPassing(failure.cause);
        if (!isLater) return { type: "refused", error: failureOf(failure) };
        log.info("a task has no workspace yet", { task: id, error });
        records.change(id, { type: "held", waits: failureOf(failure) });
        return "rest";
      }

      async function make(from: TaskLeases, record: TaskRecord): Promise<TakenLease> {
        records.change(id, { type: "held", waits: making(record) });
        return from.take(record, signal);
      }
    },
  };
}

function isUnused({ status, attempt, lease }: TaskRecord): boolean {
  return lease !== undefined && isFinal(status) && attempt === 0;
}

function isToPlace({ status, workspace }: TaskRecord): boolean {
  return status === "pending" && isNumberZero(workspace);
}

function making({ lease }: TaskRecord): TaskFailure {
  return {
    code: "workspace_leasing",
    message: `A workspace of '${lease?.resolved.projectName ?? ""}' is being made for it.`,
  };
}
