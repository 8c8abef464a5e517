import type { components } from "@octokit/openapi-types";
import type { Call } from "../replies.ts";
import type { Repository } from "../state.ts";
import { accountShape, nodeId } from "./accounts.ts";

type Schemas = components["schemas"];

export const fullNameOf = ({ owner, name }: Repository): string => `${owner.login}/${name}`;

/** A repository as lists and pull requests hold it, which is also what the whole one is made of. */
export function repositoryShape(at: Pick<Call, "api" | "site">, repository: Repository): Schemas["repository"] {
  const full_name = fullNameOf(repository);
  const url = `${at.api}/repos/${full_name}`;
  const html_url = `${at.site}/${full_name}`;
  const host = new URL(at.site).host;
  const open = repository.pulls.filter(({ state }) => state === "open").length;
  return {
    id: repository.id,
    node_id: nodeId("R", repository.id),
    name: repository.name,
    full_name,
    owner: accountShape(at, repository.owner),
    private: repository.private,
    visibility: repository.private ? "private" : "public",
    html_url,
    description: repository.description === "" ? null : repository.description,
    fork: false,
    url,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
    clone_url: `${html_url}.git`,
    git_url: `git://${host}/${full_name}.git`,
    ssh_url: `git@${host}:${full_name}.git`,
    svn_url: html_url,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: repository.defaultBranch,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    size: 1,
    open_issues: open,
    open_issues_count: open,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    archived: false,
    disabled: false,
    created_at: repository.createdAt,
    updated_at: repository.updatedAt,
    pushed_at: repository.updatedAt,
  };
}

export function wholeRepositoryShape(
  at: Pick<Call, "api" | "site">,
  repository: Repository,
): Schemas["full-repository"] {
  const { created_at, updated_at, pushed_at, ...shape } = repositoryShape(at, repository);
  return {
    ...shape,
    created_at: created_at ?? "",
    updated_at: updated_at ?? "",
    pushed_at: pushed_at ?? "",
    has_discussions: false,
    network_count: 0,
    subscribers_count: 0,
  };
}
