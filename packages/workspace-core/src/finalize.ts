import { afterPush } from "./after-push.ts";
import { cleanUp } from "./cleanup.ts";
import type { Engine } from "./engine.ts";
import { environmentOf } from "./process-environment.ts";
import { WsError } from "./errors.ts";
import { begin } from "./lifecycle.ts";
import type { FinalizeRequest } from "./finalize-request.ts";
import { named } from "./git-access.ts";
import type { Finalized, Pushed } from "./outcomes.ts";
import { openPullRequest } from "./pull-request.ts";
import { failureOf, withoutOperation } from "./records.ts";
import { lookAt } from "./work.ts";
import { enterPhase, statusOf, type Repository, type WorkspaceId, type WorkspaceRecord } from "./workspace.ts";

const GROUP = "finalize";

/**
 * Commits, pushes, opens or updates the pull request and cleans up, as far as is asked for. The request stands in the record until it is done: after
 * a crash `reconcile` goes on with it, and after a failure the workspace is as ready as before. Throws `uncommitted_work`, `identity_missing`,
 * `push_refused`, `push_failed`, `forge_unknown`, `pull_request_refused` and what the forge's port throws.
 */
export async function finalize(
  engine: Engine,
  id: WorkspaceId,
  request: FinalizeRequest,
  signal: AbortSignal,
): Promise<Finalized> {
  const { records } = engine;
  const { repository } = requireReady(records.byId(id));
  begin(engine, id, "finalize", (record) => ({
    ...enterPhase(record, "finalizing"),
    finalizing: request,
  }));
  const done: Omit<Finalized, "record"> = {};
  try {
    await endEarlier(engine, id, signal);
    await settleWork(engine, id, repository, request, signal);
    if (request.push === true) {
      done.pushed = await push(engine, id, repository, request, signal);
      const { push: _pushed, force: _force, commitMessage: _message, ...rest } = request;
      remains(engine, id, { ...rest, uncommitted: "leave" });
    }
    if (request.pullRequest !== undefined) {
      at(engine, id, "pull_request");
      done.pullRequest = await openPullRequest(engine, id, request.pullRequest, signal);
    }
    if (request.cleanup !== true) return { record: finished(engine, id), ...done };
    // Whoever goes on with it after this has no grant any more, and nothing to push.
    remains(engine, id, { uncommitted: "leave", cleanup: true });
    at(engine, id, "cleanup");
    const record = over(records.byId(id));
    const cleanup = await cleanUp(engine, id, { reason: "its work was finalized", signal });
    return { record: cleanup.kept ? finished(engine, id) : record, ...done, cleanup };
  } catch (failure) {
    const { pushed } = done;
    const error = pushed === undefined ? failure : afterPush(failure, { ...pushed, url: repository.url });
    // Cut short by our own going away: the next agent goes on with it.
    if (!engine.operations.closing) giveUp(engine, id, error);
    throw error;
  }
}

/** What failed is not done later, on other work than it was asked for: whoever still wants it asks again. */
export function giveUp({ records, clock }: Engine, id: WorkspaceId, error: unknown): void {
  const { phase, operation, finalizing } = records.byId(id);
  if (phase === "cleaned_up" || finalizing === undefined) return;
  const failure = failureOf(error, operation?.step ?? "finalize", clock.now());
  records.change(id, (record) => ({ ...over(record), failure }));
}

function finished({ records }: Engine, id: WorkspaceId): WorkspaceRecord {
  return records.change(id, ({ failure: _failure, ...record }) => over(record));
}

/** The record of a workspace that is not being finalized any more. */
export function over(record: WorkspaceRecord): WorkspaceRecord {
  const { finalizing: _done, ...rest } = withoutOperation(enterPhase(record, "ready"));
  return rest;
}

/** What is still to be done after a crash. */
function remains(engine: Engine, id: WorkspaceId, finalizing: FinalizeRequest): void {
  engine.records.change(id, (record) => ({ ...record, finalizing }));
}

/** Programs of an attempt that was cut off outlive their agent, and would still be at it. */
async function endEarlier(engine: Engine, id: WorkspaceId, signal: AbortSignal): Promise<void> {
  const box = await engine.boxes.open(engine.records.byId(id));
  if (!box.missing.includes("groups")) await box.endGroup(GROUP, signal);
}

/** Leaves nothing uncommitted that was not asked to be left. */
async function settleWork(
  engine: Engine,
  id: WorkspaceId,
  repository: Repository,
  { uncommitted = "refuse", commitMessage = "" }: FinalizeRequest,
  signal: AbortSignal,
): Promise<void> {
  if (uncommitted === "leave") return;
  at(engine, id, "commit");
  const record = engine.records.byId(id);
  const { count, files } = (await lookAt(engine, record, signal)).uncommitted;
  if (count === 0) return;
  if (uncommitted === "refuse") throw notCommitted(record.name, { count, files });
  const box = await engine.boxes.open(record);
  const env = await environmentOf(engine, record, box);
  await engine.git.commitAll(box, repository, { message: commitMessage, env, group: GROUP, signal });
}

/** The refusal to finalize what holds work that nobody said anything of. */
export function notCommitted(
  name: string,
  { count, files }: { count: number; files: readonly string[] },
): WsError<"uncommitted_work"> {
  return new WsError("uncommitted_work", {
    message: `'${name}' has ${count} ${count === 1 ? "file that is" : "files that are"} not committed: ${files.slice(0, 5).join(", ")}${count > 5 ? ", …" : ""}.`,
    next: `Commit it there, or say what becomes of it: 'ws finalize ${name} --commit MESSAGE', or '--leave-uncommitted'.`,
    data: { name, files: count },
  });
}

async function push(
  engine: Engine,
  id: WorkspaceId,
  repository: Repository,
  { force = false }: FinalizeRequest,
  signal: AbortSignal,
): Promise<Pushed> {
  at(engine, id, "push");
  const record = engine.records.byId(id);
  const { branch } = requireBranch(record);
  const box = await engine.boxes.open(record);
  const env = await environmentOf(engine, record, box);
  const report = ({ message, percent }: { message: string; percent?: number }): void => {
    const { name } = record;
    engine.events.emit({
      type: "progress",
      id,
      name,
      step: "push",
      message,
      ...(percent === undefined ? {} : { percent }),
    });
  };
  const pushing = engine.git.push(box, repository, { branch, force, env, group: GROUP, report, signal });
  const pushed = {
    branch,
    ...(await pushing.catch((error: unknown) => {
      throw named(error, record.name);
    })),
  };
  const { commit, from } = pushed;
  const words = from === undefined ? `Pushed ${branch}` : `Pushed '${from}' to ${branch}`;
  const message = `${words} at ${commit.slice(0, 12)}.`;
  engine.records.log(id, "agent", message);
  if (from !== undefined) report({ message });
  return pushed;
}

/** Says in the record how far it is. */
function at(engine: Engine, id: WorkspaceId, step: string): void {
  engine.records.change(id, (record) =>
    record.operation === undefined ? record : { ...record, operation: { ...record.operation, step } },
  );
}

function requireReady(record: WorkspaceRecord): { repository: Repository } {
  const { name, repository } = record;
  const status = statusOf(record);
  if (status !== "running") {
    throw new WsError("workspace_not_running", {
      message: `'${name}' cannot be finalized: it is ${status}.`,
      next: `Start it first: ws start ${name}.`,
      data: { name, status },
    });
  }
  if (repository !== undefined) return { repository };
  throw new WsError("invalid_input", {
    message: `'${name}' has no repository that could be pushed.`,
    next: "Make a workspace of one: ws start NAME --clone URL.",
    data: { field: "name" },
  });
}

function requireBranch({ name, repository }: WorkspaceRecord): { branch: string } {
  const branch = repository?.branch;
  if (branch !== undefined && branch !== "HEAD") return { branch };
  throw new WsError("invalid_input", {
    message: `'${name}' stands on no branch that could be pushed.`,
    next: `Make one there: 'ws exec ${name} -- git switch -c NAME'.`,
    data: { field: "branch" },
  });
}
