import type { Engine } from "./engine.ts";
import { isWsError } from "./errors.ts";
import type { Checks, ForgeRepository } from "./forge.ts";
import { excerpt } from "./names.ts";
import { forgeRepositoryOf } from "./pull-request.ts";
import type { PullRequestInfo, SeenChecks } from "./pull-request-info.ts";
import type { WorkspaceId } from "./workspace.ts";

/** The pull request that was opened of a workspace as its forge has it now, which is written down; undefined where none was. */
export async function lookAtPullRequest(
  engine: Engine,
  id: WorkspaceId,
  signal?: AbortSignal,
): Promise<{ pullRequest: PullRequestInfo; checks: Checks } | undefined> {
  const record = engine.records.byId(id);
  const known = record.pullRequest;
  if (known === undefined) return undefined;
  const forge = forgeRepositoryOf(engine, record);
  const [found, checks] = await Promise.all([
    forge.pullRequest(known.number, signal),
    checksOf(forge, known.sourceBranch, signal),
  ]);
  const pullRequest = { ...known, ...found };
  // Another may have been opened meanwhile, or the workspace be gone.
  const current = engine.records.byId(id);
  const same = current.pullRequest?.number === known.number && current.phase !== "cleaned_up";
  const seen = seenOf(checks, current.checks, engine.clock.now());
  if (same && (seen !== current.checks || hasChanged(known, found))) {
    engine.records.change(id, (before) => ({ ...before, pullRequest, checks: seen }));
  }
  return { pullRequest, checks };
}

const MOST_FAILED = 5;

/** What is kept of them: the very same as before where nothing of it has changed, so that nobody is told of it again. */
function seenOf({ state, checks }: Checks, before: SeenChecks | undefined, at: number): SeenChecks {
  const failed = checks.filter((check) => check.state === "failure").map(({ name }) => excerpt(name));
  const seen = { state, failed: failed.slice(0, MOST_FAILED), at };
  const isSame = before?.state === state && isEqual(before.failed, seen.failed);
  return isSame ? before : seen;
}

function isEqual(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one, at) => one === others[at]);
}

function hasChanged(known: PullRequestInfo, found: PullRequestInfo): boolean {
  return (["state", "title", "draft", "targetBranch", "mergedAt", "url"] as const).some(
    (key) => known[key] !== found[key],
  );
}

/** A branch that was deleted once it was merged has none any more. */
async function checksOf(forge: ForgeRepository, branch: string, signal?: AbortSignal): Promise<Checks> {
  try {
    return await forge.checks(branch, signal);
  } catch (error) {
    if (isWsError(error, "branch_not_found")) return { state: "none", checks: [] };
    throw error;
  }
}
