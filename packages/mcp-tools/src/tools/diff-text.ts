import type { GitDiffFile } from "@ws/rpc-contract";

const SIGN = { context: " ", added: "+", deleted: "-" } as const;

/** A diff as models know it best: unified. */
export function diffText(files: readonly GitDiffFile[]): string {
  return files.map(oneFile).join("\n");
}

function oneFile({ path, oldPath, status, binary, additions, deletions, hunks }: GitDiffFile): string {
  const renamed = oldPath === undefined ? "" : `${oldPath} → `;
  const head = `${status} ${renamed}${path} ${binary ? "(binary)" : `+${additions} -${deletions}`}`;
  const lines = hunks.flatMap((hunk) => [hunk.header, ...hunk.lines.map(({ type, text }) => `${SIGN[type]}${text}`)]);
  if (lines.length === 0) return head;
  const before = status === "added" ? "/dev/null" : `a/${oldPath ?? path}`;
  const after = status === "deleted" ? "/dev/null" : `b/${path}`;
  return [head, `--- ${before}`, `+++ ${after}`, ...lines].join("\n");
}
