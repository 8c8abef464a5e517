import { cleanUp } from "./cleanup.ts";
import type { Engine } from "./engine.ts";
import { WsError } from "./errors.ts";
import { excerpt } from "./names.ts";
import { canBeRepeated } from "./operations.ts";
import type { Cleanup, ExecutionSummary } from "./outcomes.ts";
import { forgeRepositoryOf } from "./pull-request.ts";
import type { WorkspaceRecord } from "./workspace.ts";

/** The executions that have workspaces here, or with `cleanedUp` had some within a month, in the order of their first. */
export function listExecutions(engine: Engine, options: { cleanedUp?: boolean } = {}): ExecutionSummary[] {
  const found = new Map<string, WorkspaceRecord[]>();
  for (const record of engine.store.list(options)) {
    if (record.execution === undefined) continue;
    const { id } = record.execution;
    found.set(id, [...(found.get(id) ?? []), record]);
  }
  return [...found].map(([id, workspaces]) => {
    const patternName = workspaces.find(({ execution }) => execution?.patternName !== undefined)?.execution
      ?.patternName;
    return { id, workspaces, ...(patternName === undefined ? {} : { patternName }) };
  });
}

/**
 * Ends an execution: its workspaces lose their grants and are cleaned up where nothing in them would be lost; what only comes up, and the
 * scripts that run, end first. Repeating is safe. Throws `execution_not_found` where no workspace was ever of it.
 */
export async function endExecution(
  engine: Engine,
  id: string,
  { outcome, force = false }: { outcome: "completed" | "failed"; force?: boolean },
): Promise<Cleanup[]> {
  const live = workspacesOf(engine, id).filter(({ phase }) => phase !== "cleaned_up");
  for (const record of live) {
    // A script may take as long as an hour, and what somebody has on lease stays as it is.
    if (engine.leaseOf?.(record.id) === undefined) engine.operations.cancel(record.id, canBeRepeated);
  }
  return Promise.all(
    live.map((record) =>
      engine.operations.run(record.id, "delete", (signal) =>
        cleanUp(engine, record.id, {
          force,
          reason: `its execution ${outcome === "failed" ? "failed" : "was completed"}`,
          signal,
        }),
      ),
    ),
  );
}

/**
 * Deletes an execution's branches on the remote, reached with the grants of its live workspaces; those with an open pull request
 * stay. Resolves to the names of the deleted ones. Throws `credential_missing` where none of them has a grant, and as `endExecution` and
 * the forge's port.
 */
export async function deleteBranches(engine: Engine, id: string, signal?: AbortSignal): Promise<string[]> {
  const deleted: string[] = [];
  const reached = new Set<string>();
  for (const record of workspacesOf(engine, id)) {
    const { url } = record.repository ?? {};
    // One workspace with a right to the repository is enough.
    if (url === undefined || reached.has(url) || engine.credentials.find(record.id, url) === undefined) continue;
    reached.add(url);
    const forge = forgeRepositoryOf(engine, record);
    for (const branch of await forge.branches(engine.git.branchesOf(id), signal)) {
      if (!engine.git.isOfExecution(branch, id)) continue;
      if ((await forge.findPullRequest(branch, signal)) !== undefined) continue;
      await forge.deleteBranch(branch, signal);
      deleted.push(branch);
    }
  }
  if (reached.size === 0) throw noRight(id);
  return deleted;
}

function workspacesOf(engine: Engine, id: string): WorkspaceRecord[] {
  const all = engine.store.list({ cleanedUp: true }).filter(({ execution }) => execution?.id === id);
  if (all.length > 0) return all;
  throw new WsError("execution_not_found", {
    message: `There is no workspace of an execution '${excerpt(id)}'.`,
    next: "'ws execution list' shows them.",
    data: { execution: excerpt(id) },
  });
}

function noRight(id: string): WsError<"credential_missing"> {
  return new WsError("credential_missing", {
    message: `No workspace of the execution '${excerpt(id)}' has a credential for its repository any more.`,
    next: "Grant one of them its repository again: ws credential grant NAME. Then repeat this.",
    data: { host: "" },
  });
}
