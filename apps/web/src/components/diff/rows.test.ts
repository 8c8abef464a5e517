import type { GitDiffFile } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { asAdded, toDiffRows, type DiffRow, type Line } from "./rows.ts";

const context = (text: string): Line => ({ type: "context", old: 1, new: 1, text });
const deleted = (text: string): Line => ({ type: "deleted", old: 1, text });
const added = (text: string): Line => ({ type: "added", new: 1, text });
const file = (lines: Line[], more: Partial<GitDiffFile> = {}): GitDiffFile => ({
  path: "a.ts",
  status: "modified",
  binary: false,
  additions: 0,
  deletions: 0,
  hunks: lines.length === 0 ? [] : [{ header: "@@ -1 +1 @@", lines }],
  truncated: false,
  ...more,
});
const said = (row: DiffRow): string =>
  row.kind === "pair" ? `${row.old?.text ?? "·"}|${row.new?.text ?? "·"}` : row.kind === "note" ? row.text : row.kind;

test("side by side, a line stands beside the one it replaces, and what only one side has beside nothing", () => {
  const lines = [context("a"), deleted("b"), deleted("c"), added("B"), context("d"), added("e"), deleted("f")];
  expect(toDiffRows([file(lines)], "split", { headers: false }).map(said)).toEqual([
    "hunk",
    "a|a",
    "b|B",
    "c|·",
    "d|d",
    "·|e",
    "f|·",
  ]);
  expect(toDiffRows([file(lines)], "unified", { headers: true })).toHaveLength(9);
});

test.each<[string, Partial<GitDiffFile>, string[]]>([
  ["a binary file", { binary: true }, ["It is no text, so its content is not compared."]],
  ["a rename", { status: "renamed", oldPath: "b.ts" }, ["Renamed from b.ts to a.ts."]],
  ["a new mode", { oldMode: "100644", newMode: "100755" }, ["Its mode changed from 100644 to 100755."]],
  ["an empty new file", { status: "added", newMode: "100644" }, ["An empty file was added."]],
  ["a new link", { status: "added", newMode: "120000" }, ["A link: its content is the path that it leads to."]],
  [
    "a repository within",
    { status: "added", newMode: "160000" },
    ["A repository of its own: of it, git keeps the commit that it stands at."],
  ],
  [
    "a name that hides a turn of direction (CVE-2021-42574)",
    { status: "copied", oldPath: "a\u202Eb" },
    ["Copied from a‹U+202E›b."],
  ],
  ["nothing", {}, ["Its content is the same."]],
  ["too much", { truncated: true }, ["The rest is too long to be shown here."]],
])("of %s it is said what there is to see", (_, more, notes) => {
  expect(toDiffRows([file([], more)], "split", { headers: false }).map(said)).toEqual(notes);
});

test("a file that git does not know is added from its first line to its last", () => {
  expect(asAdded("a", "one\ntwo", false)).toMatchObject({
    additions: 2,
    hunks: [
      {
        lines: [
          { new: 1, text: "one" },
          { new: 2, text: "two", noNewline: true },
        ],
      },
    ],
  });
  expect(asAdded("a", "one\n\n", false).hunks[0]?.lines.map(({ text }) => text)).toEqual(["one", ""]);
  expect(asAdded("a", "", false).hunks).toEqual([]);
});
