import type { FinalizeInput } from "@ws/rpc-contract";
import {
  excerpt,
  isFinal,
  WsError,
  type Cleanup,
  type PolicyLayer,
  type PullRequestInfo,
  type WorkspaceRecord,
  type Workspaces,
} from "@ws/workspace-core";
import type { OpenTasks } from "../rpc/open-tasks.ts";
import { withoutAbsent } from "../without-absent.ts";
import { demandAttempts } from "./attempts-of.ts";

export interface PickInput extends Pick<FinalizeInput, "name" | "commitMessage" | "pullRequest"> {
  id: string;
  discard?: boolean | undefined;
}

/**
 * Finalizes one attempt, and only once its work lies on the forge removes the others: their tasks are cancelled, and what lies nowhere else
 * stays unless `discard`. Throws `execution_not_found`, `invalid_input` where the name is of none of them, and what a finalize throws.
 */
export async function pickAttempt(
  { tasks, workspaces }: OpenTasks,
  { id, name, commitMessage, pullRequest, discard = false }: PickInput,
  layers: readonly PolicyLayer[],
): Promise<{ pullRequest?: PullRequestInfo; others: Cleanup[] }> {
  const records = demandAttempts(workspaces, id);
  const picked = records.find((record) => record.name === name);
  if (picked === undefined) throw noAttempt(name, records);
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
  const others = records.filter((record) => record !== picked);
  const cleaned = await Promise.all(others.map((record) => remove(record, { tasks, workspaces, discard })));
  return { others: cleaned, ...(done.pullRequest === undefined ? {} : { pullRequest: done.pullRequest }) };
}

async function remove(
  { id, name }: WorkspaceRecord,
  { tasks, workspaces, discard }: Pick<OpenTasks, "tasks"> & { workspaces: Workspaces; discard: boolean },
): Promise<Cleanup> {
  const live = tasks.list({ workspace: id }).filter(({ status }) => !isFinal(status));
  // What goes on in a workspace that is kept is somebody's work still.
  if (discard) await Promise.all(live.map((task) => tasks.cancel(task.id)));
  return workspaces.cleanup(name, { force: discard, reason: "another attempt was picked" });
}

function noAttempt(name: string, records: readonly WorkspaceRecord[]): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `'${excerpt(name)}' is none of these attempts.`,
    next: `Pick one of ${records.map((record) => record.name).join(", ")}.`,
    data: { field: "name" },
  });
}
