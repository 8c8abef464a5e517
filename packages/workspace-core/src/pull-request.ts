import { tokenOf } from "./credentials.ts";
import type { Engine } from "./engine.ts";
import { WsError } from "./errors.ts";
import { titleMissing, type PullRequestRequest } from "./finalize-request.ts";
import type { AskSecret, ForgeRepository } from "./forge.ts";
import type { PullRequestInfo } from "./pull-request-info.ts";
import type { WorkspaceId, WorkspaceRecord } from "./workspace.ts";

/**
 * Opens the pull request of a workspace's branch, or brings the open one up to date; writes it down before labels and reviewers are added, so that
 * whatever fails then is repeated on the same one.
 */
export async function openPullRequest(
  engine: Engine,
  id: WorkspaceId,
  request: PullRequestRequest,
  signal: AbortSignal,
): Promise<PullRequestInfo> {
  const record = engine.records.byId(id);
  const forge = forgeRepositoryOf(engine, record);
  const sourceBranch = record.repository?.branch ?? "";
  requireRight(engine, record, sourceBranch);
  const { execution } = record;
  const from = { sourceBranch, baseBranch: record.repository?.baseBranch };
  return bringPullRequest(forge, { ...request, ...from }, signal, (made) => {
    const pullRequest = { ...made, ...(execution === undefined ? {} : { executionId: execution.id }) };
    engine.records.change(id, (current) => withPullRequest(current, pullRequest));
    engine.records.log(id, "agent", `Pull request #${made.number}: ${made.url}`);
    return pullRequest;
  });
}

/** What was seen of the checks of another one says nothing about this one. */
function withPullRequest({ checks, ...record }: WorkspaceRecord, pullRequest: PullRequestInfo): WorkspaceRecord {
  const isSame = record.pullRequest?.number === pullRequest.number;
  return { ...record, pullRequest, ...(isSame && checks !== undefined ? { checks } : {}) };
}

/**
 * Opens the pull request of a branch, into `baseBranch` where the request names no other, else into the repository's default; of an open one
 * only what the request says is changed. `keep` is told of it before anything is added to it.
 */
export async function bringPullRequest(
  forge: ForgeRepository,
  request: PullRequestRequest & { sourceBranch: string; baseBranch?: string | undefined },
  signal: AbortSignal,
  keep: (made: PullRequestInfo) => PullRequestInfo,
): Promise<PullRequestInfo> {
  const { title, body, sourceBranch, baseBranch, draft, labels = [], reviewers: people = [] } = request;
  const { teamReviewers: teams = [] } = request;
  const targetBranch = request.targetBranch ?? (baseBranch || (await forge.defaultBranch(signal)));
  requireTwo(sourceBranch, targetBranch);
  const open = await forge.findPullRequest(sourceBranch, signal);
  if (open === undefined && title === undefined) throw titleMissing();
  const made =
    open === undefined
      ? await forge.createPullRequest(
          { title: title ?? "", body: body ?? "", sourceBranch, targetBranch, draft: draft ?? false },
          signal,
        )
      : await forge.updatePullRequest(open.number, saidOf(request), signal);
  const pullRequest = keep(made);
  if (labels.length > 0) await forge.addLabels(made.number, labels, signal);
  if (people.length + teams.length > 0) await forge.requestReviewers(made.number, { people, teams }, signal);
  return pullRequest;
}

/**
 * Throws `forge_unknown` where a pull request is asked for of a repository whose forge nobody knows, `invalid_input` where one without a title would
 * be a new one, and what the forge's port throws.
 */
export async function requireTitled(
  forge: () => ForgeRepository,
  { pullRequest, branch }: { pullRequest?: PullRequestRequest | undefined; branch: string | undefined },
  signal: AbortSignal,
): Promise<void> {
  // Without a branch there is nothing to push either, which is said by whoever pushes.
  if (pullRequest === undefined || branch === undefined) return;
  const repository = forge();
  if (pullRequest.title !== undefined) return;
  if ((await repository.findPullRequest(branch, signal)) === undefined) throw titleMissing();
}

/** People may have written its text and moved its target since. */
function saidOf({ title, body, targetBranch, draft }: PullRequestRequest) {
  return {
    ...(title === undefined ? {} : { title }),
    ...(body === undefined ? {} : { body }),
    ...(targetBranch === undefined ? {} : { targetBranch }),
    ...(draft === undefined ? {} : { draft }),
  };
}

/** The workspace's repository on its forge, reached with the workspace's own grant. Throws `forge_unknown`, `credential_missing`. */
export function forgeRepositoryOf(engine: Engine, record: WorkspaceRecord): ForgeRepository {
  const url = record.repository?.url ?? "";
  const forge = engine.forges.find((candidate) => candidate.serves(url));
  if (forge === undefined) {
    throw new WsError("forge_unknown", {
      message: `No forge is known for '${url}', so no pull request can be opened there.`,
      next: "Push the branch and open the pull request by hand; a GitHub Enterprise server is named with 'ws config set github.servers https://HOST'.",
      data: { url },
    });
  }
  return forge.open(url, askSecret(engine, record, url));
}

function askSecret({ credentials }: Engine, { id, name }: WorkspaceRecord, url: string): AskSecret {
  return async (options) => {
    const grant = credentials.find(id, url);
    if (grant !== undefined) return tokenOf(await credentials.secret(grant, { ...options, purpose: "api" }));
    throw new WsError("credential_missing", {
      message: `'${name}' has no credential for '${url}', which a pull request needs.`,
      next: "Give the worker one with 'ws login github' or 'ws credential set', then 'ws credential grant' it to the workspace.",
      data: { host: url },
    });
  };
}

/** Who may not push a branch may not ask for it to be merged either. */
function requireRight({ credentials }: Engine, { id, name, repository }: WorkspaceRecord, branch: string): void {
  const grant = credentials.find(id, repository?.url ?? "");
  if (grant === undefined || (grant.access === "write" && grant.branches.includes(branch))) return;
  throw new WsError("pull_request_refused", {
    message: `'${name}' may not open a pull request of '${branch}': its grant is for ${grant.access === "write" ? grant.branches.join(", ") : "reading"}.`,
    next: `Widen it: ws credential grant ${name}.`,
    data: { branch },
  });
}

function requireTwo(sourceBranch: string, targetBranch: string): void {
  if (sourceBranch !== targetBranch) return;
  throw new WsError("pull_request_refused", {
    message: `A pull request cannot lead from '${sourceBranch}' to itself.`,
    next: "Name another branch for it to go to: --base BRANCH.",
    data: { branch: sourceBranch },
  });
}
