import { toWsError, type Finalized, type WorkspaceRecord } from "@ws/workspace-core";
import { finalizeRequest, inWords } from "./finalize-request.ts";
import { onComplete } from "./on-complete.ts";
import type { Parts } from "./parts.ts";
import type { FinalizeOptions } from "./requests.ts";
import { showPullRequest } from "./show.ts";
import type { WorktreeFinalized } from "./worktree-finalize.ts";
import type { WorktreeId, Worktrees } from "./worktrees.ts";

/** What became of it; `record` as it was, for one that was cleaned up. */
export type FinalizedWorkspace = Omit<Finalized, "record">;

/** Finalizes a workspace, with what was to be done on its completion in between; what is under way is written down until it is done. */
export async function finalizeWorkspace(
  parts: Parts,
  record: WorkspaceRecord,
  options: FinalizeOptions,
): Promise<FinalizedWorkspace> {
  const { id, name } = record;
  const { workspaces, rights, state } = parts;
  const request = finalizeRequest(options);
  await rights.ensure(record);
  const wasWorse = state.store.get(id)?.failure?.at;
  const work = async (withCleanup: boolean): Promise<FinalizedWorkspace> => {
    try {
      const { record: _record, ...done } = await rights.during(record, { force: options.force ?? false }, () =>
        workspaces.finalize(name, { ...request, cleanup: withCleanup }),
      );
      return done;
    } catch (error) {
      const failure = state.store.get(id)?.failure;
      throw inWords(error, failure?.at === wasWorse ? undefined : failure?.step);
    }
  };
  if (state.extras.get(id)?.onComplete === undefined) return work(request.cleanup === true);
  return completing(
    parts,
    { id, record, options },
    () => work(false),
    async (done) =>
      request.cleanup === true
        ? { ...done, cleanup: await workspaces.cleanup(name, { reason: "its work was finalized" }) }
        : done,
  );
}

/** The same for a worktree. */
export async function finalizeWorktree(
  parts: Parts,
  worktrees: Worktrees,
  { id, record, options }: { id: WorktreeId; record: WorkspaceRecord; options: FinalizeOptions },
): Promise<WorktreeFinalized> {
  const { cleanup = false, ...first } = options;
  return completing(
    parts,
    { id, record, options },
    () => worktrees.finalize(id, first),
    async (done) => (cleanup ? { ...done, cleanup: await worktrees.cleanup(id, { force: false }) } : done),
  );
}

/** Runs what was asked for on completion between the work and what is left to do, and remembers until the end that it is not over. */
async function completing<T extends WorktreeFinalized | FinalizedWorkspace>(
  parts: Parts,
  {
    id,
    record,
    options,
  }: { id: WorkspaceRecord["id"] | WorktreeId; record: WorkspaceRecord; options: FinalizeOptions },
  work: () => Promise<T>,
  after: (done: T) => Promise<T>,
): Promise<T> {
  const { state, closing } = parts;
  const { extras } = state;
  const { finalizing: _earlier, ...extra } = extras.get(id) ?? { id };
  extras.set(id, { ...extra, finalizing: options });
  try {
    const done = await work().catch(async (error: unknown) => {
      if (!closing.aborted) await complete(parts, id, record, { error: toWsError(error).message });
      throw error;
    });
    await complete(parts, id, record, done);
    return await after(done);
  } finally {
    // Cut short by our own going away: the next process goes on with it.
    if (!closing.aborted && extras.get(id) !== undefined) extras.set(id, extra);
  }
}

async function complete(
  parts: Parts,
  id: WorkspaceRecord["id"] | WorktreeId,
  record: WorkspaceRecord,
  { error, pullRequest }: { error?: string; pullRequest?: Finalized["pullRequest"] },
): Promise<void> {
  const hook = parts.state.extras.get(id)?.onComplete;
  if (hook === undefined) return;
  const worktree = parts.state.worktrees.get(id);
  const executionId = worktree?.execution?.id ?? record.execution?.id ?? record.id;
  const cwd = worktree?.path ?? record.directory;
  if (cwd === undefined) return;
  await onComplete(
    hook,
    {
      status: error === undefined ? "success" : "error",
      workspaceId: id,
      executionId,
      repo: record.repository?.url ?? "",
      branch: worktree?.branch ?? record.repository?.branch ?? "",
      pullRequest: pullRequest === undefined ? undefined : showPullRequest(pullRequest, executionId),
      ...(error === undefined ? {} : { error }),
    },
    { ...parts, name: record.name, cwd },
  );
}
