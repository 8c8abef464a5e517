import { join } from "node:path";
import type { Cleanup, Grant, PullRequestInfo as ForgePullRequest, WorkspaceRecord } from "@ws/workspace-core";
import type { BranchInfo, CleanupResult, GitCredential, PullRequestInfo, Workspace } from "./objects.ts";
import type { OnComplete } from "./requests.ts";
import type { Extra } from "./state/extra.ts";
import { nextFor } from "./to-caller.ts";
import type { WorktreeRecord } from "./state/worktree-record.ts";

export interface ShowOptions {
  directory: string;
  grant: Grant | undefined;
  extra: Extra | undefined;
  worktrees: readonly WorktreeRecord[];
  progress: Workspace["progress"];
}

/** A record as the library's users see it. */
export function showWorkspace(record: WorkspaceRecord, options: ShowOptions): Workspace {
  const { id, repository, execution, phase, failure, pullRequest, createdAt } = record;
  const { directory, grant, extra, worktrees, progress } = options;
  const next = failure === undefined ? undefined : nextFor(failure);
  const branch: BranchInfo = {
    name: repository?.branch ?? "",
    baseBranch: repository?.baseBranch ?? "",
    executionId: execution?.id ?? id,
    role: execution?.role ?? "person",
    createdAt: new Date(createdAt),
    ...(pullRequest === undefined ? {} : { pullRequest: showPullRequest(pullRequest, execution?.id ?? id) }),
  };
  return {
    id,
    path: record.directory ?? join(directory, id),
    repo: repository?.url ?? "",
    branch,
    ...(grant === undefined ? {} : { credential: showCredential(grant) }),
    provisionedAt: new Date(createdAt),
    status: phase === "working" ? "ready" : phase,
    strategy: "clone",
    ...(worktrees.length === 0 ? {} : { worktreeIds: worktrees.map((each) => each.id) }),
    ...(progress === undefined || record.operation === undefined ? {} : { progress }),
    ...showHook(extra?.onComplete),
    ...(failure === undefined
      ? {}
      : {
          error: {
            code: failure.code,
            message: failure.message,
            ...(next === undefined ? {} : { next }),
          },
        }),
  };
}

/** A worktree as a workspace of its own. */
export function showWorktree(
  worktree: WorktreeRecord,
  parent: WorkspaceRecord,
  { grant, extra }: Pick<ShowOptions, "grant" | "extra">,
): Workspace {
  const { id, path, branch, baseBranch, execution, createdAt, phase, pullRequest } = worktree;
  const executionId = execution?.id ?? parent.id;
  return {
    id,
    path,
    repo: parent.repository?.url ?? "",
    branch: {
      name: branch,
      baseBranch,
      executionId,
      role: execution?.role ?? "person",
      createdAt: new Date(createdAt),
      ...(pullRequest === undefined ? {} : { pullRequest: showPullRequest(pullRequest, executionId) }),
    },
    ...(grant === undefined ? {} : { credential: showCredential(grant) }),
    provisionedAt: new Date(createdAt),
    status: phase,
    strategy: "worktree",
    parentWorkspaceId: parent.id,
    ...showHook(extra?.onComplete),
  };
}

export function showPullRequest(info: ForgePullRequest, executionId: string): PullRequestInfo {
  const { number, url, state, sourceBranch, targetBranch, title, createdAt, mergedAt } = info;
  return {
    number,
    url,
    state,
    sourceBranch,
    targetBranch,
    title,
    executionId: info.executionId ?? executionId,
    createdAt: new Date(createdAt),
    ...(mergedAt === undefined ? {} : { mergedAt: new Date(mergedAt) }),
  };
}

export function showCleanup(cleanup: Cleanup): CleanupResult {
  if (!cleanup.kept) return { kept: false };
  // Nothing is leased without a worker.
  const reason = cleanup.reason === "unpushed_work" ? cleanup.reason : "failed";
  return { kept: true, reason, holder: cleanup.holder };
}

function showCredential({ id, credential, expiresAt }: Grant): GitCredential {
  const { type, provider, host } = credential;
  return { id, type, provider, host, expiresAt: new Date(expiresAt) };
}

/** Headers of a webhook may be secrets. */
function showHook(hook: OnComplete | undefined): Pick<Workspace, "onComplete"> {
  if (hook === undefined) return {};
  const { webhookHeaders: _secret, ...shown } = hook;
  return { onComplete: shown };
}
