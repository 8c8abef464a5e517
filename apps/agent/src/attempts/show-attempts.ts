import type { AttemptInfo, ComparisonInfo } from "@ws/rpc-contract";
import { statusOf, type GitWork, type WorkspaceRecord } from "@ws/workspace-core";
import type { OpenTasks } from "../rpc/open-tasks.ts";
import { toPullRequest } from "../rpc/workspace-info.ts";
import { attemptsOf, demandAttempts, PATTERN } from "./attempts-of.ts";

/** The comparisons that have workspaces here, the last started first. */
export function listAttempts(open: OpenTasks): ComparisonInfo[] {
  return open.workspaces
    .executions()
    .filter(({ patternName }) => patternName === PATTERN)
    .map(({ id }) => shownOf(open, id, attemptsOf(open.workspaces, id)))
    .reverse();
}

/** One with what each attempt changed; `git` opens a workspace's repository. Throws `execution_not_found`. */
export async function showAttempts(
  open: OpenTasks,
  id: string,
  git: (name: string) => Promise<GitWork>,
): Promise<ComparisonInfo> {
  const records = demandAttempts(open.workspaces, id);
  const shown = shownOf(open, id, records);
  const changes = await Promise.all(records.map((record) => changesOf(record, git)));
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
  if (statusOf(record) !== "running") return undefined;
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

function shownOf({ tasks, show }: OpenTasks, id: string, records: readonly WorkspaceRecord[]): ComparisonInfo {
  const attempts = records.map((record): AttemptInfo => {
    const { name, repository, pullRequest } = record;
    const task = tasks.list({ workspace: record.id }).findLast(({ execution }) => execution === id);
    return {
      name,
      workspaceId: record.id,
      status: statusOf(record),
      ...(repository?.branch === undefined ? {} : { branch: repository.branch }),
      ...(task === undefined ? {} : { task: show(task) }),
      ...(pullRequest === undefined ? {} : { pullRequest: toPullRequest(pullRequest) }),
    };
  });
  const { url, baseBranch } = records[0]?.repository ?? {};
  return {
    id,
    title: attempts.find(({ task }) => task !== undefined)?.task?.title ?? id,
    ...(url === undefined ? {} : { repo: url }),
    ...(baseBranch === undefined ? {} : { base: baseBranch }),
    attempts,
  };
}
