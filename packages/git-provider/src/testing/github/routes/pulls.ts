import { openPull } from "../open-pull.ts";
import { type Call, invalid, paged, Refusal, type Routes } from "../replies.ts";
import { pullRequestShape, wholePullRequestShape } from "../shapes/pull-request.ts";
import type { PullRequest, Repository } from "../state.ts";
import { actorOf, pullOf, repositoryOf } from "./lookup.ts";

export const pullRoutes: Routes = {
  "GET /repos/{owner}/{repo}/pulls": (call) => {
    const repository = repositoryOf(call);
    const wanted = call.query.get("state") ?? "open";
    const found = repository.pulls
      .filter(({ state }) => wanted === "all" || state === wanted)
      .filter((pull) => isOfHead(pull, repository, call.query.get("head")))
      .filter(({ base }) => base === (call.query.get("base") ?? base));
    if (call.query.get("direction") !== "asc") found.reverse();
    const path = `/repos/${call.params["owner"]}/${call.params["repo"]}/pulls`;
    return paged(call, path, found, (page) => page.map((pull) => pullRequestShape(call, repository, pull)));
  },

  "POST /repos/{owner}/{repo}/pulls": async (call) => {
    const repository = repositoryOf(call, "write");
    const pull = await open(call, repository);
    return { status: 201, body: wholePullRequestShape(call, repository, pull) };
  },

  "GET /repos/{owner}/{repo}/pulls/{pull_number}": (call) => {
    const repository = repositoryOf(call);
    return { status: 200, body: wholePullRequestShape(call, repository, pullOf(call, repository)) };
  },

  "PATCH /repos/{owner}/{repo}/pulls/{pull_number}": async (call) => {
    const repository = repositoryOf(call, "write");
    const pull = pullOf(call, repository);
    const { title, body, state, base } = call.body;
    if (typeof base === "string" && !(await repository.refs.branches()).has(base)) {
      throw invalid({ resource: "PullRequest", field: "base", code: "invalid" });
    }
    if (state !== undefined && pull.mergedAt !== undefined) {
      throw invalid({ resource: "PullRequest", field: "state", code: "invalid", message: "state cannot be changed." });
    }
    if (typeof title === "string") pull.title = title;
    if (typeof body === "string") pull.body = body;
    if (typeof base === "string") pull.base = base;
    pull.updatedAt = call.state.instant();
    if (state === "closed" || state === "open") {
      pull.state = state;
      delete pull.closedAt;
      if (state === "closed") pull.closedAt = pull.updatedAt;
    }
    return { status: 200, body: wholePullRequestShape(call, repository, pull) };
  },

  "PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge": async (call) => {
    const repository = repositoryOf(call, "write");
    const pull = pullOf(call, repository);
    if (pull.state === "closed" || pull.draft) throw new Refusal(405, "Pull Request is not mergeable");
    const sha = await repository.refs.merge(pull.base, pull.head, call.body["merge_method"] !== "merge");
    if (sha === undefined) throw new Refusal(405, "Pull Request has merge conflicts");
    const at = call.state.instant();
    Object.assign(pull, { state: "closed", closedAt: at, mergedAt: at, updatedAt: at, mergeSha: sha });
    return { status: 200, body: { sha, merged: true, message: "Pull Request successfully merged" } };
  },
};

async function open(call: Call, repository: Repository): Promise<PullRequest> {
  const { title, body = "", draft = false } = call.body;
  const [head, base] = [ownBranch(String(call.body["head"]), repository), String(call.body["base"])];
  const branches = await repository.refs.branches();
  const headSha = head === undefined ? undefined : branches.get(head);
  if (head === undefined || headSha === undefined) {
    throw invalid({ resource: "PullRequest", field: "head", code: "invalid" });
  }
  if (!branches.has(base)) throw invalid({ resource: "PullRequest", field: "base", code: "invalid" });
  const refuse = (message: string): Refusal => invalid({ resource: "PullRequest", code: "custom", message });
  const ahead = await repository.refs.ahead(base, head);
  if (ahead === 0) throw refuse(`No commits between ${base} and ${head}`);
  if (String(title).length > 256) throw refuse("title is too long (maximum is 256 characters)");
  if (String(body).length > 65_536) throw refuse("body is too long (maximum is 65536 characters)");
  // Looked for last and without a pause until it is there: two that ask at once get one, as with the real one's index.
  const twin = repository.pulls.find(
    (pull) => pull.state === "open" && pull.fork === undefined && pull.head === head && pull.base === base,
  );
  if (twin !== undefined) throw refuse(`A pull request already exists for ${repository.owner.login}:${head}.`);
  if (draft === true && !repository.drafts) {
    throw new Refusal(422, "Draft pull requests are not supported in this repository.");
  }
  return openPull(call.state, repository, {
    author: actorOf(call),
    title: String(title),
    body: String(body),
    head,
    headSha,
    base,
    draft: draft === true,
  });
}

/** The branch that `branch` or `owner:branch` names in this repository. */
function ownBranch(head: string, { owner }: Repository): string | undefined {
  const [, login, branch] = /^(?:([^:]+):)?(.+)$/.exec(head) ?? [];
  return login === undefined || login.toLowerCase() === owner.login.toLowerCase() ? branch : undefined;
}

/** As the real one does, this ignores a filter that is not `owner:branch`. */
function isOfHead(pull: PullRequest, repository: Repository, filter: string | null): boolean {
  const [, login, branch] = /^([^:]+):(.+)$/.exec(filter ?? "") ?? [];
  if (login === undefined) return true;
  return (pull.fork ?? repository.owner).login.toLowerCase() === login.toLowerCase() && pull.head === branch;
}
