import type { AttemptInfo, ComparisonInfo } from "@ws/rpc-contract";
import { statusOf, type GitWork, type WorkspaceRecord } from "@ws/workspace-core";
import type { OpenTasks } from "../rpc/open-tasks.ts";
import { toPullRequest } from "../rpc/workspace-info.ts";
import { comparisonsOf, demandComparison, isGone, type Comparison } from "./attempts-of.ts";

/** The comparisons of this worker, the last started first. */
export function listAttempts(open: OpenTasks): ComparisonInfo[] {
  return comparisonsOf(open.workspaces).map((comparison) => shownOf(open, comparison));
}

/** One with what each attempt changed; `git` opens a workspace's repository. Throws `execution_not_found`. */
export async function showAttempts(
  open: OpenTasks,
  id: string,
  git: (name: string) => Promise<GitWork>,
): Promise<ComparisonInfo> {
  const comparison = demandComparison(open.workspaces, id);
  const shown = shownOf(open, comparison);
  const changes = await Promise.all(comparison.records.map((record) => changesOf(record, git)));
  return {
    ...shown,
    attempts: shown.attempts.map((attempt, at) => {
      const changed = changes[at];
      return changed === undefined ? attempt : { ...attempt, changes: changed };
    }),
  };
}

/** Where an attempt began, as its repository knows it. */
export function beginningOf({ repository }: WorkspaceRecord): string {
  return repository?.baseBranch === undefined ? "origin/HEAD" : `origin/${repository.baseBranch}`;
}

/** A workspace that does not run, or whose repository is not there yet, is compared later. */
async function changesOf(
  record: WorkspaceRecord,
  git: (name: string) => Promise<GitWork>,
): Promise<AttemptInfo["changes"] | undefined> {
  if (isGone(record) || statusOf(record) !== "running") return undefined;
  try {
    const repository = await git(record.name);
    const [since, status] = await Promise.all([
      repository.diff({ from: beginningOf(record), mergeBase: true }),
      repository.status({ untracked: "files" }),
    ]);
    const fresh = status.files.filter(({ worktree }) => worktree === "untracked").length;
    return { files: since.total + fresh, additions: since.additions, deletions: since.deletions };
  } catch {
    return undefined;
  }
}

function shownOf({ tasks, show }: OpenTasks, { id, records }: Comparison): ComparisonInfo {
  const attempts = records.map((record): AttemptInfo => {
    const { name, repository, pullRequest } = record;
    // The last comes first: it may have been begun again.
    const task = tasks.list({ workspace: record.id }).find(({ execution }) => execution === id);
    return {
      name,
      workspaceId: record.id,
      status: isGone(record) ? "removed" : statusOf(record),
      ...(repository?.branch === undefined ? {} : { branch: repository.branch }),
      ...(task === undefined ? {} : { task: show(task) }),
      ...(pullRequest === undefined ? {} : { pullRequest: toPullRequest(pullRequest) }),
    };
  });
  const { url, baseBranch } = records[0]?.repository ?? {};
  return {
    id,
    title: attempts.find(({ task }) => task !== undefined)?.task?.title ?? id,
    startedAt: new Date(Math.min(...records.map(({ createdAt }) => createdAt))).toISOString(),
    ...(url === undefined ? {} : { repo: url }),
    ...(baseBranch === undefined ? {} : { base: baseBranch }),
    attempts,
  };
}
