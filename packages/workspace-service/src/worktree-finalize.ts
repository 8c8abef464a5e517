import { worktreeState } from "@ws/git-provider";
import {
  bringPullRequest,
  demandFinalize,
  demandWork,
  notCommitted,
  requireTitled,
  WsError,
  type Box,
  type Cleanup,
  type PullRequestInfo,
  type PullRequestRequest,
  type Pushed,
  type Repository,
  type WorkspaceRecord,
} from "@ws/workspace-core";
import { finalizeRequest, inWords } from "./finalize-request.ts";
import type { Parts } from "./parts.ts";
import type { FinalizeOptions } from "./requests.ts";
import type { WorktreeRecord } from "./state/worktree-record.ts";

export interface WorktreeFinalized {
  pushed?: Pushed;
  pullRequest?: PullRequestInfo;
  cleanup?: Cleanup;
}

const GROUP = "worktree";

/** Commits, pushes and opens the pull request of a worktree, by the rules of its workspace and with its rights. */
export async function finalizeWork(
  parts: Parts,
  place: { worktree: WorktreeRecord; box: Box; record: WorkspaceRecord; repository: Repository },
  options: FinalizeOptions,
): Promise<WorktreeFinalized> {
  const { git, rights, workspaces, closing } = parts;
  const { worktree, box, record, repository } = place;
  const { id, path, branch } = worktree;
  const request = finalizeRequest(options);
  const { pullRequest } = request;
  const env = await parts.environment();
  const running = { worktree: path, env, group: GROUP, signal: closing };
  await rights.ensure(record, { branches: [branch] });
  const policy = workspaces.policies.of(record.name);
  if (demandFinalize(policy, request)) {
    await demandWork(policy, request, { work: git.work(box, repository, running), branch });
  }
  await requireTitled(() => workspaces.forge(record.name), { pullRequest, branch }, closing).catch(
    failing("pull_request"),
  );
  if (request.uncommitted !== "leave") {
    const { uncommitted } = await worktreeState(box, repository, { path, branch, signal: closing });
    if (uncommitted.count > 0 && request.uncommitted !== "commit") throw notCommitted(id, uncommitted);
    if (uncommitted.count > 0) {
      await git.commitAll(box, repository, { ...running, message: messageOf(request.commitMessage) });
    }
  }
  const done: WorktreeFinalized = {};
  if (request.push === true) {
    const { force = false } = request;
    const pushing = { ...running, branch, force, report: () => undefined };
    const pushed = rights.during(record, { branches: [branch], force }, () => git.push(box, repository, pushing));
    done.pushed = { branch, ...(await pushed.catch(failing("push"))) };
  }
  if (pullRequest !== undefined) {
    done.pullRequest = await openPullRequest(parts, place, pullRequest).catch(failing("pull_request"));
  }
  return done;
}

async function openPullRequest(
  { state: { worktrees }, workspaces, emit, closing }: Parts,
  { worktree, record }: { worktree: WorktreeRecord; record: WorkspaceRecord },
  request: PullRequestRequest,
): Promise<PullRequestInfo> {
  const { id, branch, baseBranch, execution } = worktree;
  const about = execution === undefined ? {} : { executionId: execution.id };
  const asked = { ...request, sourceBranch: branch, baseBranch };
  return bringPullRequest(workspaces.forge(record.name), asked, closing, (made) => {
    const pullRequest = { ...made, ...about };
    const before = worktrees.get(id);
    if (before !== undefined) worktrees.set(id, { ...before, pullRequest });
    if (before?.pullRequest?.number !== made.number)
      emit({ type: "pr:created", workspaceId: id, ...about, data: { number: made.number, url: made.url } });
    return pullRequest;
  });
}

/** Says what was being done. */
function failing(step: "push" | "pull_request"): (error: unknown) => never {
  return (error) => {
    throw inWords(error, step);
  };
}

function messageOf(message = ""): string {
  if (message.trim() !== "") return message;
  throw new WsError("invalid_input", {
    message: "A commit needs a message.",
    next: "Give commitMessage.",
    data: { field: "commitMessage" },
  });
}
