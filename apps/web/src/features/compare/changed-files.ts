import type { GitDiffResult, GitStatusResult } from "@ws/rpc-contract";
import type { ChangeKind } from "../../components/diff/kind-mark.tsx";

/** What one attempt did to one file. */
export interface FileChange {
  kind: ChangeKind;
  additions: number;
  deletions: number;
  binary: boolean;
  oldPath?: string;
}

/** What one attempt changed since it began; undefined fields where git was not asked yet, or could not be. */
export interface AttemptChanges {
  diff: GitDiffResult | undefined;
  status: GitStatusResult | undefined;
}

/** A file that at least one attempt changed; the changes are in the order of the attempts. */
export interface ComparedFile {
  path: string;
  /** `same`: it left the file as it was; undefined where that is not known. */
  changes: (FileChange | "same" | undefined)[];
}

/** The files that the attempts changed, by path. */
export function comparedFiles(attempts: readonly AttemptChanges[]): ComparedFile[] {
  const files = new Map<string, ComparedFile>();
  const before = attempts.map(({ diff, status }) => (diff === undefined || status === undefined ? undefined : "same"));
  attempts.forEach(({ diff, status }, at) => {
    const put = (path: string, change: FileChange) => {
      const file = files.get(path) ?? { path, changes: [...before] };
      if (isChange(file.changes[at])) return;
      file.changes[at] = change;
      files.set(path, file);
    };
    for (const { path, oldPath, status: kind, additions, deletions, binary } of diff?.files ?? []) {
      put(path, { kind, additions, deletions, binary, ...(oldPath === undefined ? {} : { oldPath }) });
    }
    // What git does not know yet is in no comparison of it.
    for (const { path, worktree } of status?.files ?? []) {
      if (worktree === "untracked") put(path, { kind: worktree, additions: 0, deletions: 0, binary: false });
    }
  });
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether it did something to the file. */
export function isChange(change: ComparedFile["changes"][number]): change is FileChange {
  return change !== undefined && change !== "same";
}

/** How many did something to it, of those of whom that is known. */
export function shareOf({ changes }: ComparedFile): { by: number; of: number } {
  return { by: changes.filter(isChange).length, of: changes.filter((change) => change !== undefined).length };
}

/** Of one attempt, all together; undefined where that is not known. */
export function sumOf({
  diff,
  status,
}: AttemptChanges): { files: number; additions: number; deletions: number } | undefined {
  if (diff === undefined || status === undefined) return undefined;
  const fresh = status.files.filter(({ worktree }) => worktree === "untracked").length;
  return { files: diff.total + fresh, additions: diff.additions, deletions: diff.deletions };
}

/** What of the attempts' files is not in the list, as sentences. */
export function leftOut(attempts: readonly (AttemptChanges & { name: string })[]): string[] {
  return attempts.flatMap(({ name, diff, status }) => [
    ...(diff?.truncated === true ? [`Of ${name}'s ${diff.total} files the first ${diff.files.length} are here.`] : []),
    ...(diff !== undefined && diff.hidden > 0 ? [`A policy hides ${diff.hidden} more of ${name}'s files.`] : []),
    ...(status?.truncated === true ? [`${name} has more new files than are here.`] : []),
  ]);
}
