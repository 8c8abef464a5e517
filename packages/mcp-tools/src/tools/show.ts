import type { WorkspaceInfo } from "@ws/rpc-contract";

/** What a tool tells of a workspace. */
export function showWorkspace(info: WorkspaceInfo): Record<string, unknown> {
  const { name, id, status, phase, repo, branch, baseBranch, directory, runtime, isolation, profile } = info;
  const { created, lastUsed, pullRequest, failure } = info;
  const shown = { name, id, status, phase, remote: repo, branch, baseBranch, path: directory, runtime, isolation };
  const all = { ...shown, profile, created, lastUsed, pullRequest, failure };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** The same as one line. */
export function workspaceLine({ name, status, repo, branch, pullRequest }: WorkspaceInfo): string {
  const on = branch === undefined ? "" : ` on ${branch}`;
  const request = pullRequest === undefined ? "" : `, pull request ${pullRequest.url}`;
  return `${name}: ${status}, ${repo ?? "no repository"}${on}${request}`;
}
