import { expect, test } from "vitest";
import { groupChanges, pathsOf, splitPath, toRows } from "./changes.ts";

const files = [
  { path: "a.ts", index: "modified", worktree: "modified", conflicted: false },
  { path: "b.ts", oldPath: "old.ts", index: "renamed", worktree: "deleted", conflicted: false },
  { path: "c.ts", index: "unmerged", worktree: "unmerged", conflicted: true },
  { path: "new/", worktree: "untracked", conflicted: false },
] as const;

test("a file that changed again after it was staged is in both groups, conflicts come first", () => {
  const groups = groupChanges([...files]);
  expect(groups.map(({ area, changes }) => [area, changes.map(({ path, kind }) => `${kind} ${path}`)])).toEqual([
    ["conflicted", ["unmerged c.ts"]],
    ["staged", ["modified a.ts", "renamed b.ts"]],
    ["changed", ["modified a.ts", "deleted b.ts"]],
    ["untracked", ["untracked new/"]],
  ]);
  expect(groupChanges([])).toEqual([]);
});

test("only what was renamed has two paths, so that its later deletion is not told of the old one", () => {
  const [, staged, changed] = groupChanges([...files]);
  expect(staged?.changes.map(pathsOf)).toEqual([["a.ts"], ["old.ts", "b.ts"]]);
  expect(changed?.changes.map(pathsOf)).toEqual([["a.ts"], ["b.ts"]]);
});

test("a folded group keeps its own row, with its number, and loses those of its files", () => {
  const groups = groupChanges([...files]);
  expect(toRows(groups, new Set())).toHaveLength(10);
  const rows = toRows(groups, new Set(["staged"]));
  expect(rows).toHaveLength(8);
  expect(rows[2]).toMatchObject({ type: "group", open: false, group: { area: "staged" } });
});

test.each([
  ["src/deep/file.ts", "src/deep/", "file.ts"],
  ["file.ts", "", "file.ts"],
  ["src/new/", "src/", "new/"],
])("'%s' is a directory '%s' and a name '%s'", (path, directory, name) => {
  expect(splitPath(path)).toEqual({ directory, name });
});
