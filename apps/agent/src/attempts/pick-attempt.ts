import type { FinalizeInput } from "@ws/rpc-contract";
import {
  excerpt,
  isFinal,
  isWsError,
  toWsError,
  WsError,
  type Cleanup,
  type PolicyLayer,
  type PullRequestInfo,
  type TaskRecord,
  type WorkspaceRecord,
} from "@ws/workspace-core";
import type { OpenTasks } from "../rpc/open-tasks.ts";
import { withoutAbsent } from "../without-absent.ts";
import { demandComparison, isGone } from "./attempts-of.ts";

export interface PickInput extends Pick<FinalizeInput, "name" | "commitMessage" | "pullRequest"> {
  id: string;
  discard?: boolean | undefined;
}

/**
 * Finalizes one attempt, and only once its work lies on the forge removes the others: their tasks are cancelled, and what lies nowhere else
 * stays unless `discard`. Throws `execution_not_found`, `invalid_input` where the name is of none of them, `illegal_transition` while that one
 * is at work, and what a finalize throws; what was in the way of removing another is said of that one.
 */
export async function pickAttempt(
  open: Pick<OpenTasks, "tasks" | "workspaces">,
  { id, name, commitMessage, pullRequest, discard = false }: PickInput,
  layers: readonly PolicyLayer[],
): Promise<{ pullRequest?: PullRequestInfo; others: Cleanup[] }> {
  const { workspaces } = open;
  const records = demandComparison(workspaces, id).records.filter((record) => !isGone(record));
  const picked = records.find((record) => record.name === name);
  if (picked === undefined) throw noAttempt(name, records);
  const working = atWork(open, picked)[0];
  // It would be committed as it happens to be at that moment.
  if (working !== undefined) throw stillAtWork(name, working);
  const done = await workspaces.finalize(
    name,
    {
      uncommitted: commitMessage === undefined ? "refuse" : "commit",
      push: true,
      ...withoutAbsent({ commitMessage }),
      ...(pullRequest === undefined ? {} : { pullRequest: withoutAbsent(pullRequest) }),
    },
    { layers },
  );
  // An attempt that was picked before this one is somebody's pull request by now.
  const others = records.filter((record) => record !== picked && record.pullRequest?.state !== "open");
  const cleaned = await Promise.all(others.map((record) => remove(open, record, discard)));
  return { others: cleaned, ...(done.pullRequest === undefined ? {} : { pullRequest: done.pullRequest }) };
}

async function remove(
  open: Pick<OpenTasks, "tasks" | "workspaces">,
  record: WorkspaceRecord,
  discard: boolean,
): Promise<Cleanup> {
  const { id, name } = record;
  const { tasks, workspaces } = open;
  try {
    // By its id: it may have been renamed while the other one was pushed.
    const present = workspaces.find(id);
    if (present === undefined) return { id, name, kept: false };
    // As it is now: somebody may have finalized it while the other one was pushed.
    if (present.pullRequest?.state === "open" || present.operation?.kind === "finalize") {
      return { id, name: present.name, kept: true, reason: "unpushed_work", holder: "a pull request of its own" };
    }
    const left = tasks.list({ workspace: id }).filter(({ status }) => !isFinal(status));
    if (!discard && left.length > 0) {
      return { id, name: present.name, kept: true, reason: "unpushed_work", holder: "a task that is not over yet" };
    }
    if (!discard) {
      // A cleanup ends the rights of what it keeps, and this one may be picked still.
      const foreseen = await workspaces.foresee(present.name);
      if (foreseen.kept && foreseen.reason !== "unpushed_work") return foreseen;
      if (foreseen.kept)
        return { id, name: foreseen.name, kept: true, reason: "unpushed_work", holder: foreseen.holder };
    }
    await Promise.all(left.map((task) => tasks.cancel(task.id)));
    return await workspaces.cleanup(present.name, { force: discard, reason: "another attempt was picked" });
  } catch (error) {
    if (isWsError(error, "workspace_not_found")) return { id, name, kept: false };
    return { id, name, kept: true, reason: "failed", holder: toWsError(error).message };
  }
}

/** What goes on there, or would as soon as it may. */
function atWork({ tasks }: Pick<OpenTasks, "tasks">, { id }: WorkspaceRecord): TaskRecord[] {
  return tasks.list({ workspace: id }).filter(({ status }) => !isFinal(status) && !WAITS_FOR_SOMEBODY.has(status));
}

const WAITS_FOR_SOMEBODY: ReadonlySet<TaskRecord["status"]> = new Set(["waiting_input", "auth_failed"]);

function noAttempt(name: string, records: readonly WorkspaceRecord[]): WsError<"invalid_input"> {
  const names = records.map((record) => record.name).join(", ");
  return new WsError("invalid_input", {
    message: `'${excerpt(name)}' is none of these attempts.`,
    next: names === "" ? "All of them are gone." : `Pick one of ${names}.`,
    data: { field: "name" },
  });
}

function stillAtWork(name: string, { id, status }: TaskRecord): WsError<"illegal_transition"> {
  return new WsError("illegal_transition", {
    message: `'${name}' is not done yet: its task is ${status}.`,
    next: `Wait until it is over, or end it: ws task cancel ${id}.`,
    data: { from: status, to: "picked" },
  });
}
