import type { components } from "@octokit/openapi-types";
import type { Call } from "../replies.ts";
import type { PullRequest, Remark, Repository, Review } from "../state.ts";
import { accountShape, nodeId, teamShape } from "./accounts.ts";
import { fullNameOf, repositoryShape } from "./repository.ts";

type Schemas = components["schemas"];
type At = Pick<Call, "api" | "site">;

interface Places {
  html: string;
  api: string;
  issue: string;
}

function places(at: At, repository: Repository, { number }: PullRequest): Places {
  const api = `${at.api}/repos/${fullNameOf(repository)}`;
  return {
    html: `${at.site}/${fullNameOf(repository)}/pull/${number}`,
    api: `${api}/pulls/${number}`,
    issue: `${api}/issues/${number}`,
  };
}

export function pullRequestShape(at: At, repository: Repository, pull: PullRequest) {
  const { html, api, issue } = places(at, repository, pull);
  const commits = `${api}/commits`;
  const reviewComments = `${api}/comments`;
  const statuses = `${at.api}/repos/${fullNameOf(repository)}/statuses/${pull.headSha}`;
  const headOwner = pull.fork ?? repository.owner;
  const head = pull.fork === undefined ? repository : { ...repository, owner: pull.fork, id: pull.fork.id };
  return {
    url: api,
    id: pull.id,
    node_id: nodeId("PR", pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    commits_url: commits,
    review_comments_url: reviewComments,
    review_comment_url: `${at.api}/repos/${fullNameOf(repository)}/pulls/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: accountShape(at, pull.author),
    body: pull.body,
    labels: pull.labels.map((name) => labelShape(at, repository, name)),
    milestone: null,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt ?? null,
    merged_at: pull.mergedAt ?? null,
    merge_commit_sha: pull.mergeSha ?? null,
    assignee: null,
    requested_reviewers: pull.people.map((account) => accountShape(at, account)),
    requested_teams: pull.teams.map((team) => teamShape(at, team)),
    head: {
      label: `${headOwner.login}:${pull.head}`,
      ref: pull.head,
      sha: pull.headSha,
      user: accountShape(at, headOwner),
      repo: { ...repositoryShape(at, head), fork: pull.fork !== undefined },
    },
    base: {
      label: `${repository.owner.login}:${pull.base}`,
      ref: pull.base,
      sha: pull.headSha,
      user: accountShape(at, repository.owner),
      repo: repositoryShape(at, repository),
    },
    _links: {
      self: { href: api },
      html: { href: html },
      issue: { href: issue },
      comments: { href: `${issue}/comments` },
      review_comments: { href: reviewComments },
      review_comment: { href: `${reviewComments}{/number}` },
      commits: { href: commits },
      statuses: { href: statuses },
    },
    author_association: "MEMBER" as const,
    auto_merge: null,
    draft: pull.draft,
  } satisfies Schemas["pull-request-simple"];
}

export function wholePullRequestShape(at: At, repository: Repository, pull: PullRequest): Schemas["pull-request"] {
  return {
    ...pullRequestShape(at, repository, pull),
    merged: pull.mergedAt !== undefined,
    mergeable: null,
    mergeable_state: "unknown",
    merged_by: null,
    comments: pull.remarks.length,
    review_comments: pull.lineRemarks.length,
    maintainer_can_modify: false,
    commits: 1,
    additions: 1,
    deletions: 0,
    changed_files: 1,
  };
}

export function labelShape(at: At, repository: Repository, name: string) {
  const id = repository.labels.get(name) ?? 0;
  return {
    id,
    node_id: nodeId("LA", id),
    url: `${at.api}/repos/${fullNameOf(repository)}/labels/${encodeURIComponent(name)}`,
    name,
    color: "ededed",
    default: false,
    description: "",
  } satisfies Schemas["label"];
}

export function reviewShape(
  at: At,
  repository: Repository,
  pull: PullRequest,
  review: Review,
): Schemas["pull-request-review"] {
  const { html, api } = places(at, repository, pull);
  const html_url = `${html}#pullrequestreview-${review.id}`;
  return {
    id: review.id,
    node_id: nodeId("PRR", review.id),
    user: accountShape(at, review.author),
    body: review.body,
    state: review.state,
    html_url,
    pull_request_url: api,
    author_association: "MEMBER",
    _links: { html: { href: html_url }, pull_request: { href: api } },
    ...(review.state === "PENDING" ? {} : { submitted_at: review.submittedAt }),
    commit_id: pull.headSha,
  };
}

export function lineRemarkShape(
  at: At,
  repository: Repository,
  pull: PullRequest,
  remark: Remark,
): Schemas["pull-request-review-comment"] {
  const { html, api } = places(at, repository, pull);
  const url = `${at.api}/repos/${fullNameOf(repository)}/pulls/comments/${remark.id}`;
  const html_url = `${html}#discussion_r${remark.id}`;
  return {
    url,
    id: remark.id,
    node_id: nodeId("PRRC", remark.id),
    pull_request_review_id: null,
    diff_hunk: "@@ -1 +1 @@",
    path: remark.path ?? "",
    commit_id: pull.headSha,
    original_commit_id: pull.headSha,
    user: accountShape(at, remark.author),
    body: remark.body,
    created_at: remark.createdAt,
    updated_at: remark.createdAt,
    html_url,
    pull_request_url: api,
    author_association: "MEMBER",
    _links: { self: { href: url }, html: { href: html_url }, pull_request: { href: api } },
    ...(remark.line === undefined ? {} : { line: remark.line, original_line: remark.line }),
    side: "RIGHT",
    subject_type: remark.line === undefined ? "file" : "line",
  };
}

export function remarkShape(
  at: At,
  repository: Repository,
  pull: PullRequest,
  remark: Remark,
): Schemas["issue-comment"] {
  const { html, issue } = places(at, repository, pull);
  return {
    id: remark.id,
    node_id: nodeId("IC", remark.id),
    url: `${at.api}/repos/${fullNameOf(repository)}/issues/comments/${remark.id}`,
    html_url: `${html}#issuecomment-${remark.id}`,
    issue_url: issue,
    body: remark.body,
    user: accountShape(at, remark.author),
    created_at: remark.createdAt,
    updated_at: remark.createdAt,
    author_association: "MEMBER",
  };
}
