import type { GitCommitResult, GitStatusResult } from "@ws/rpc-contract";
import { counted } from "./counted.ts";

/** A commit as tools tell it. */
export function showCommit({ hash, parents, author, subject, body }: GitCommitResult): Record<string, unknown> {
  return { hash, parents, author: author.name, email: author.email, date: author.date, subject, body };
}

export function showStatus(status: GitStatusResult): Record<string, unknown> {
  const { branch, head, detached, upstream, ahead, behind, operation, stashes, files, total, truncated } = status;
  const told = { branch, commit: head, detached, upstream, ahead, behind, operation, stashes };
  return { ...told, dirty: total > 0, files, total, truncated };
}

/** `on main at 0123456789ab, 2 changed files, 1 ahead of origin/main` */
export function statusLine({
  branch,
  head,
  upstream,
  ahead = 0,
  behind = 0,
  operation,
  total,
}: GitStatusResult): string {
  const at = head === undefined ? "before its first commit" : `at ${head.slice(0, 12)}`;
  const changed = total === 0 ? "clean" : counted(total, "changed file");
  const to = upstream === undefined ? "" : ` of ${upstream}`;
  const parts = [
    `${branch === undefined ? "on no branch" : `on ${branch}`} ${at}`,
    changed,
    ...(ahead > 0 ? [`${ahead} ahead${to}`] : []),
    ...(behind > 0 ? [`${behind} behind${to}`] : []),
    ...(operation === undefined ? [] : [`in the middle of a ${operation}`]),
  ];
  return parts.join(", ");
}
