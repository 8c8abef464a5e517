import type { GitDiffResult, GitStatusResult } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { comparedFiles, isChange, leftOut, shareOf, sumOf } from "./changed-files.ts";

function diff(files: Partial<GitDiffResult["files"][number]>[], more: Partial<GitDiffResult> = {}): GitDiffResult {
  const all = files.map((file) => ({
    path: "a",
    status: "modified" as const,
    binary: false,
    additions: 1,
    deletions: 2,
    hunks: [],
    truncated: false,
    ...file,
  }));
  const [additions, deletions] = [all.length, 2 * all.length];
  return { files: all, additions, deletions, total: all.length, hidden: 0, truncated: false, ...more };
}

function status(untracked: string[], more: Partial<GitStatusResult> = {}): GitStatusResult {
  const files = untracked.map((path) => ({ path, worktree: "untracked" as const, conflicted: false }));
  return { detached: false, stashes: 0, files, total: files.length, truncated: false, ...more };
}

test("files are those of any attempt, by path, each with what every attempt did to it", () => {
  const files = comparedFiles([
    { diff: diff([{ path: "b" }, { path: "a", oldPath: "z", status: "renamed" }]), status: status(["new.txt"]) },
    { diff: undefined, status: undefined },
    { diff: diff([{ path: "b", binary: true }, { path: "__proto__" }]), status: status([]) },
  ]);
  expect(
    files.map(({ path, changes }) => [path, changes.map((change) => (isChange(change) ? change.kind : change))]),
  ).toEqual([
    ["__proto__", ["same", undefined, "modified"]],
    ["a", ["renamed", undefined, "same"]],
    ["b", ["modified", undefined, "modified"]],
    ["new.txt", ["untracked", undefined, "same"]],
  ]);
  expect(files[1]?.changes[0]).toMatchObject({ oldPath: "z" });
  expect(files.map(shareOf)).toEqual([
    { by: 1, of: 2 },
    { by: 1, of: 2 },
    { by: 2, of: 2 },
    { by: 1, of: 2 },
  ]);
});

test("an attempt's sum counts what git does not know yet, and is not known before both were read", () => {
  expect(sumOf({ diff: diff([{}, { path: "b" }]), status: status(["c"]) })).toEqual({
    files: 3,
    additions: 2,
    deletions: 4,
  });
  expect(sumOf({ diff: diff([]), status: undefined })).toBeUndefined();
});

test("what is not in the list is said", () => {
  const of = { name: "demo-1", diff: diff([{}], { total: 9, truncated: true, hidden: 2 }), status: status([]) };
  expect(leftOut([of, { name: "demo-2", diff: diff([]), status: status([], { truncated: true }) }])).toEqual([
    "Of demo-1's 9 files the first 1 are here.",
    "A policy hides 2 more of demo-1's files.",
    "demo-2 has more new files than are here.",
  ]);
});
