import { type CredentialSource, type Grant, repositoryKey, type WorkspaceId } from "@ws/workspace-core";
import { rightTo } from "../broker/rights.ts";
import { ApiRefused, ON_THE_WORKER } from "./refused.ts";

export interface Place {
  owner: string;
  repo: string;
}

/** The workspace's live grant for a repository. Throws `ApiRefused`. */
export function grantFor(
  { owner, repo }: Place,
  { credentials, workspace, host }: { credentials: CredentialSource; workspace: WorkspaceId; host: string },
): Grant {
  const key = repositoryKey({ host, path: `${owner}/${repo}` });
  const { grant, had } = rightTo(credentials, workspace, key);
  if (grant !== undefined) return grant;
  const why = had === undefined ? "it is not granted" : "its grant has ended";
  throw new ApiRefused(
    403,
    `Workspace may not use ${owner}/${repo} through gh: ${why}. 'ws credential grant' on the worker gives the right. ${ON_THE_WORKER}.`,
  );
}

/** Throws `ApiRefused` for a branch that is none of the grant's. */
export function requireOwnHead({ access, branches }: Grant, { owner }: Place, head: string): void {
  const branch = head.toLowerCase().startsWith(`${owner.toLowerCase()}:`) ? head.slice(owner.length + 1) : head;
  if (access === "write" && branches.includes(branch)) return;
  const only = access === "write" ? `from ${branches.join(", ") || "no branch"} only` : "nowhere: it may only read";
  throw new ApiRefused(403, `Workspace may open a pull request ${only}. ${ON_THE_WORKER}.`);
}

export function elsewhere(): ApiRefused {
  return new ApiRefused(
    403,
    `Workspace changes pull requests of its own repository's branches only. ${ON_THE_WORKER}.`,
  );
}
