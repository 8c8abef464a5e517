import type { GitStatusResult } from "@ws/rpc-contract";

type ChangedFile = GitStatusResult["files"][number];
export type Area = "conflicted" | "staged" | "changed" | "untracked";

/** One file in one of the four places where a change can be; a file that was changed again after it was staged is in two. */
export interface Change {
  area: Area;
  path: string;
  oldPath?: string;
  kind: NonNullable<ChangedFile["worktree"]>;
}

export interface Group {
  area: Area;
  changes: Change[];
}

export type ListRow =
  | { type: "group"; group: Group; open: boolean }
  | { type: "change"; change: Change; position: number; count: number };

/** What git tells of a repository's files, as a person works through it; groups without a file are left out. */
export function groupChanges(files: readonly ChangedFile[]): Group[] {
  const found: Record<Area, Change[]> = { conflicted: [], staged: [], changed: [], untracked: [] };
  for (const file of files) for (const change of changesOf(file)) found[change.area].push(change);
  return (["conflicted", "staged", "changed", "untracked"] as const)
    .map((area) => ({ area, changes: found[area] }))
    .filter(({ changes }) => changes.length > 0);
}

function changesOf({ path, oldPath, index, worktree, conflicted }: ChangedFile): Change[] {
  if (conflicted) return [{ area: "conflicted", path, kind: "unmerged" }];
  if (worktree === "untracked") return [{ area: "untracked", path, kind: worktree }];
  const changes: Change[] = [];
  const from = oldPath === undefined ? {} : { oldPath };
  if (index !== undefined) changes.push({ area: "staged", path, ...from, kind: index });
  if (worktree !== undefined) {
    changes.push({ area: "changed", path, ...(isMoved(worktree) ? from : {}), kind: worktree });
  }
  return changes;
}

/** The groups as rows of one list, without the changes of those that are folded. */
export function toRows(groups: readonly Group[], folded: ReadonlySet<Area>): ListRow[] {
  return groups.flatMap((group): ListRow[] => {
    const open = !folded.has(group.area);
    const count = group.changes.length;
    const changes = open ? group.changes : [];
    return [
      { type: "group", group, open },
      ...changes.map((change, index): ListRow => ({ type: "change", change, position: index + 1, count })),
    ];
  });
}

export function keyOf({ area, path }: Pick<Change, "area" | "path">): string {
  return `${area}:${path}`;
}

/** The paths that git has to be told for it: of what was renamed, both. */
export function pathsOf({ path, oldPath }: Pick<Change, "path" | "oldPath">): string[] {
  return oldPath === undefined ? [path] : [oldPath, path];
}

/** `src/deep/` and `file.ts`, so that what is too long is cut where it matters least. */
export function splitPath(path: string): { directory: string; name: string } {
  const end = path.replace(/\/$/, "").lastIndexOf("/") + 1;
  return { directory: path.slice(0, end), name: path.slice(end) };
}

function isMoved(kind: Change["kind"]): boolean {
  return kind === "renamed" || kind === "copied";
}
