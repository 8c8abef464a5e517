import type { GitDiffFile } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { diffText } from "./diff-text.ts";

const changed = (path: string, more: Partial<GitDiffFile> = {}): GitDiffFile => ({
  path,
  status: "modified",
  binary: false,
  additions: 1,
  deletions: 1,
  truncated: false,
  hunks: [
    {
      header: "@@ -1,2 +1,2 @@ main()",
      lines: [
        { type: "context", old: 1, new: 1, text: "one" },
        { type: "deleted", old: 2, text: "two" },
        { type: "added", new: 2, text: "2", noNewline: true },
      ],
    },
  ],
  ...more,
});

test("a file's part is what a patch would say, with what became of the file before it", () => {
  expect(diffText([changed("b.ts", { oldPath: "a.ts", status: "renamed" })]).text).toBe(`renamed a.ts → b.ts +1 -1
--- a/a.ts
+++ b/b.ts
@@ -1,2 +1,2 @@ main()
 one
-two
+2
\\ No newline at end of file`);
});

test.each([
  ["added", "--- /dev/null\n+++ b/a.ts"],
  ["deleted", "--- a/a.ts\n+++ /dev/null"],
] as const)("a file that was %s has no other side", (status, sides) => {
  expect(diffText([changed("a.ts", { status })]).text).toContain(sides);
});

test("binary files and those of which only numbers were asked for have one line", () => {
  const files = [changed("a.png", { binary: true, hunks: [] }), changed("a.ts", { hunks: [] })];
  expect(diffText(files)).toEqual({ text: "modified a.png (binary)\nmodified a.ts +1 -1", cut: false });
});

test("what does not fit is left out file by file, and a smaller one after it is not", () => {
  const large = changed("large.ts", { hunks: [{ header: "@@", lines: [{ type: "added", text: "x".repeat(500) }] }] });
  const { text, cut } = diffText([large, changed("a.ts")], 300);
  expect(cut).toBe(true);
  expect(text).toMatch(/^modified large\.ts \+1 -1\nmodified a\.ts \+1 -1\n--- a\/a\.ts\n/);
});
