import type { components } from "@octokit/openapi-types";
import type { Call } from "../replies.ts";
import type { Check, Repository } from "../state.ts";
import { nodeId } from "./accounts.ts";
import { fullNameOf, repositoryShape } from "./repository.ts";

type Schemas = components["schemas"];
type At = Pick<Call, "api" | "site">;

export function checkRunShape(at: At, repository: Repository, check: Check): Schemas["check-run"] {
  const url = `${at.api}/repos/${fullNameOf(repository)}/check-runs/${check.id}`;
  const html_url = `${at.site}/${fullNameOf(repository)}/runs/${check.id}`;
  const done = check.state !== "pending";
  return {
    id: check.id,
    node_id: nodeId("CR", check.id),
    head_sha: check.sha,
    external_id: "",
    name: check.name,
    url,
    html_url,
    details_url: html_url,
    status: done ? "completed" : "in_progress",
    conclusion: check.state === "pending" ? null : check.state,
    started_at: check.at,
    completed_at: done ? check.at : null,
    output: { title: null, summary: null, text: null, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: { id: check.id },
    app: null,
    pull_requests: [],
  };
}

export function combinedStatusShape(
  at: At,
  repository: Repository,
  sha: string,
  statuses: readonly Check[],
  page: readonly Check[],
): Schemas["combined-commit-status"] {
  const commit_url = `${at.api}/repos/${fullNameOf(repository)}/commits/${sha}`;
  const failed = statuses.some(({ state }) => state === "failure");
  const waits = statuses.length === 0 || statuses.some(({ state }) => state === "pending");
  return {
    state: failed ? "failure" : waits ? "pending" : "success",
    sha,
    total_count: statuses.length,
    statuses: page.map((check) => statusShape(at, repository, check)),
    // The whole is what lists hold too.
    repository: repositoryShape(at, repository) as Schemas["minimal-repository"],
    commit_url,
    url: `${commit_url}/status`,
  };
}

function statusShape(at: At, repository: Repository, check: Check): Schemas["simple-commit-status"] {
  return {
    id: check.id,
    node_id: nodeId("SC", check.id),
    url: `${at.api}/repos/${fullNameOf(repository)}/statuses/${check.sha}`,
    avatar_url: null,
    context: check.name,
    // A status knows no neutral state.
    state: check.state === "neutral" ? "success" : check.state,
    description: null,
    target_url: `${at.site}/ci/${check.id}`,
    created_at: check.at,
    updated_at: check.at,
  };
}
