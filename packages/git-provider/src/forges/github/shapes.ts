import type { ForgeRepositorySummary, PullRequestInfo } from "@ws/workspace-core";

/** What is read of a pull request, as every answer that holds one has it. */
export interface ApiPullRequest {
  number: number;
  html_url: string;
  state: string;
  title: string;
  draft?: boolean | undefined;
  created_at: string;
  merged_at?: string | null;
  head: { ref: string; repo: { id: number } | null };
  base: { ref: string; repo: { id: number } };
}

export function pullRequestInfo(pull: ApiPullRequest): PullRequestInfo {
  const mergedAt = pull.merged_at ? Date.parse(pull.merged_at) : undefined;
  return {
    number: pull.number,
    url: pull.html_url,
    state: mergedAt === undefined ? (pull.state === "open" ? "open" : "closed") : "merged",
    sourceBranch: pull.head.ref,
    targetBranch: pull.base.ref,
    title: pull.title,
    draft: pull.draft ?? false,
    createdAt: Date.parse(pull.created_at),
    ...(mergedAt === undefined ? {} : { mergedAt }),
  };
}

export interface ApiRepository {
  full_name: string;
  html_url: string;
  description: string | null;
  private: boolean;
  default_branch: string;
  pushed_at: string | null;
  updated_at: string | null;
}

export function repositorySummary(repository: ApiRepository): ForgeRepositorySummary {
  return {
    fullName: repository.full_name,
    url: repository.html_url,
    description: repository.description ?? "",
    private: repository.private,
    defaultBranch: repository.default_branch,
    updatedAt: Date.parse(repository.pushed_at ?? repository.updated_at ?? "") || 0,
  };
}
