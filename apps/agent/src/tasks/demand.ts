import { type TaskRecord, type Workspaces, WsError } from "@ws/workspace-core";
import type { Tokens } from "../store/tokens.ts";

/**
 * Judges a task before it begins: by what its workspace and its repository let be run now, by what its creator's token added when it was asked for, and by whether
 * that was revoked since. A token that only came to its end says nothing of the work: that is queued so that it goes on without anybody.
 */
export function demandOf(
  { find, policies }: Pick<Workspaces, "find" | "policies">,
  tokens: Pick<Tokens, "wasWithdrawn">,
): (record: TaskRecord) => void {
  return ({ id, spec, workspace, lease, rights: { token, policy } = {} }) => {
    if (token !== undefined && tokens.wasWithdrawn(token)) throw withdrawn(id);
    const name = find(workspace)?.name;
    const { cloneUrl } = lease?.resolved ?? {};
    if (name !== undefined) policies.demandExecute(name, { task: spec }, policy);
    else if (cloneUrl !== undefined) policies.demandExecuteOf(cloneUrl, { task: spec }, policy);
  };
}

function withdrawn(id: string): WsError<"unauthorized"> {
  return new WsError("unauthorized", {
    message: "The token that asked for it was revoked before it began.",
    next: `Where it is to be done all the same, ask for it yourself: ws task retry ${id}.`,
    data: { reason: "revoked" },
  });
}
