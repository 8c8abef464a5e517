import { describe, expect, test } from "vitest";
import { confinedFault } from "../../confined-faults.ts";
import { createPolicy } from "../../policy/policy.ts";
import { createFileTree } from "../../testing/file-tree.ts";
import { behindPolicy } from "../behind-policy.ts";
import { applyPatch } from "./apply-patch.ts";

const TEN = Array.from({ length: 10 }, (_, index) => `line ${index + 1}\n`).join("");
const refused = (data: object = {}) =>
  expect.objectContaining({ code: "patch_check_failed", data: expect.objectContaining(data) as object }) as Error;

describe("a patch is applied", () => {
  test("with every kind of change at once, and tells each", async () => {
    const tree = createFileTree({ "src/a.ts": "one\ntwo\nthree\n", "old.txt": "bye\n", "from.txt": "1\n2\n3\n" });
    const patch = [
      "diff --git a/src/a.ts b/src/a.ts",
      "index 1..2 100644",
      "--- a/src/a.ts",
      "+++ b/src/a.ts",
      "@@ -1,3 +1,4 @@ function",
      " one",
      "-two",
      "+zwei",
      "+drei",
      " three",
      "diff --git a/new/dir/x.sh b/new/dir/x.sh",
      "new file mode 100755",
      "--- /dev/null",
      "+++ b/new/dir/x.sh",
      "@@ -0,0 +1,2 @@",
      "+#!/bin/sh",
      "+true",
      "\\ No newline at end of file",
      "diff --git a/old.txt b/old.txt",
      "deleted file mode 100644",
      "--- a/old.txt",
      "+++ /dev/null",
      "@@ -1 +0,0 @@",
      "-bye",
      "diff --git a/from.txt b/to.txt",
      "similarity index 66%",
      "rename from from.txt",
      "rename to to.txt",
      "--- a/from.txt",
      "+++ b/to.txt",
      "@@ -1,3 +1,3 @@",
      " 1",
      "-2",
      "+II",
      " 3",
      "diff --git a/empty b/empty",
      "new file mode 100644",
      "index 000..000",
      "",
    ].join("\n");
    expect(await applyPatch(tree.files, patch)).toEqual([
      { path: "src/a.ts", change: "changed", additions: 2, deletions: 1 },
      { path: "new/dir/x.sh", change: "created", additions: 2, deletions: 0 },
      { path: "old.txt", change: "removed", additions: 0, deletions: 1 },
      { path: "to.txt", from: "from.txt", change: "renamed", additions: 1, deletions: 1 },
      { path: "empty", change: "created", additions: 0, deletions: 0 },
    ]);
    expect(tree.texts()).toEqual({
      empty: "",
      "new/dir/x.sh": "#!/bin/sh\ntrue",
      "src/a.ts": "one\nzwei\ndrei\nthree\n",
      "to.txt": "1\nII\n3\n",
    });
    expect((await tree.files.stat("new/dir/x.sh")).mode).toBe(0o755);
  });

  test.each<[string, string, string, string]>([
    ["at its line", TEN, "@@ -2,3 +2,3 @@\n line 2\n-line 3\n+x\n line 4\n", TEN.replace("line 3", "x")],
    [
      "behind lines that came",
      `new\nnew\n${TEN}`,
      "@@ -2,3 +2,3 @@\n line 2\n-line 3\n+x\n line 4\n",
      `new\nnew\n${TEN.replace("line 3", "x")}`,
    ],
    [
      "before lines that went",
      TEN.replace("line 1\n", ""),
      "@@ -3 +3 @@\n-line 3\n+x\n",
      TEN.replace("line 1\n", "").replace("line 3", "x"),
    ],
    ["at the nearest of two places", "a\nb\na\nb\na\n", "@@ -4 +4 @@\n-a\n+x\n", "a\nb\nx\nb\na\n"],
    [
      "twice, the second behind the first",
      TEN,
      "@@ -1,2 +1 @@\n-line 1\n line 2\n@@ -9,2 +8,3 @@\n line 9\n+x\n line 10\n",
      TEN.replace("line 1\n", "").replace("line 9\n", "line 9\nx\n"),
    ],
    ["without context", "a\nb\n", "@@ -1,0 +2 @@\n+x\n", "a\nx\nb\n"],
    ["at the beginning", "a\n", "@@ -0,0 +1 @@\n+x\n", "x\na\n"],
    ["taking the last newline", "a\nb\n", "@@ -2 +2 @@\n-b\n+c\n\\ No newline at end of file\n", "a\nc"],
    ["giving the last newline", "a\nb", "@@ -2 +2 @@\n-b\n\\ No newline at end of file\n+b\n", "a\nb\n"],
    ["leaving that there is none", "a\nb", "@@ -1,2 +1,2 @@\n-a\n+x\n b\n\\ No newline at end of file\n", "x\nb"],
    ["to lines that end with CRLF", "a\r\nb\r\nc\r\n", "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n", "a\r\nx\r\nc\r\n"],
    ["with an empty line that lost its blank", "a\n\nb\n", "@@ -1,3 +1,3 @@\n a\n\n-b\n+x\n", "a\n\nx\n"],
    ["to nothing", "a\n", "@@ -1 +0,0 @@\n-a\n", ""],
  ])("%s", async (_how, text, hunks, expected) => {
    const tree = createFileTree({ f: text });
    await applyPatch(tree.files, `--- a/f\n+++ b/f\n${hunks}`);
    expect(tree.texts()).toEqual({ f: expected });
  });

  test.each([
    ["--- f\t2026-01-01 00:00:00\n+++ f\t2026-01-01 00:00:01\n", "f"],
    ['--- "a/\\303\\251 \\"x\\".txt"\n+++ "b/\\303\\251 \\"x\\".txt"\n', 'é "x".txt'],
    ["--- a/with blank\n+++ b/with blank\n", "with blank"],
    ["--- a/b/f\n+++ b/b/f\n", "b/f"],
  ])("to the file that %j names", async (header, path) => {
    const tree = createFileTree({ [path]: "a\n" });
    await applyPatch(tree.files, `Some words.\n\n${header}@@ -1 +1 @@\n-a\n+b\n-- \n2.39\n`);
    expect(tree.texts()).toEqual({ [path]: "b\n" });
  });
});

describe("a patch that cannot be applied whole changes nothing", () => {
  const good = "--- a/good\n+++ b/good\n@@ -1 +1 @@\n-a\n+b\n";
  test.each<[string, string, object]>([
    ["a line that is another", "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n one\n-two\n+x\n", { path: "f", line: 1 }],
    ["no such file", "--- a/none\n+++ b/none\n@@ -1 +1 @@\n-a\n+b\n", { path: "none" }],
    ["a file that is there already", "--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+x\n", { path: "f" }],
    ["a removal that leaves something", "--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n", { path: "f" }],
    ["one file twice", good, { path: "good" }],
    ["a binary change", "diff --git a/f b/f\nindex 1..2\nGIT binary patch\nliteral 0\n", {}],
    ["binary files that differ", "diff --git a/f b/f\nBinary files a/f and b/f differ\n", {}],
    ["a link", "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc/passwd\n", {}],
    ["a hunk that ends early", "--- a/f\n+++ b/f\n@@ -1,9 +1,9 @@\n one\n", {}],
    ["a hunk of nothing", "--- a/f\n+++ b/f\n@@ nonsense @@\n", {}],
  ])("%s", async (_what, patch, data) => {
    const tree = createFileTree({ good: "a\n", f: "one\nthree\n" });
    const before = tree.texts();
    await expect(applyPatch(tree.files, good + patch)).rejects.toThrow(refused(data));
    expect(tree.texts()).toEqual(before);
  });

  test.each(["../x", "/etc/passwd", "a/../../x"])("%s leads out (CVE-2015-1196)", async (path) => {
    const tree = createFileTree({ good: "a\n" });
    await expect(
      applyPatch(tree.files, `${good}--- /dev/null\n+++ ${path}\n@@ -0,0 +1 @@\n+x\n`),
    ).rejects.toMatchObject({ code: "path_traversal" });
    expect(tree.texts()).toEqual({ good: "a\n" });
  });

  test("what has no patch in it is refused", async () => {
    await expect(applyPatch(createFileTree().files, "hello\n")).rejects.toThrow(refused());
  });

  test("where a later file must not be written, the earlier ones get their content back", async () => {
    const tree = createFileTree({ good: "a\n", moved: "m\n", "docs/x": "1\n" });
    const policy = createPolicy([
      { of: "workspace", name: "demo", rules: { writablePaths: ["good", "new", "moved", "to"] } },
    ]);
    const patch = `${good}--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+x\ndiff --git a/moved b/to\nrename from moved\nrename to to\ndiff --git a/docs/x b/docs/x\n--- a/docs/x\n+++ b/docs/x\n@@ -1 +1 @@\n-1\n+2\n`;
    const before = tree.texts();
    await expect(applyPatch(behindPolicy(tree.files, policy), patch)).rejects.toMatchObject({
      code: "path_not_allowed",
    });
    expect(tree.texts()).toEqual(before);
  });

  test("a file that changed between reading and writing is a conflict", async () => {
    const tree = createFileTree({ good: "a\n", f: "one\n" });
    const racing = {
      ...tree.files,
      read: async (...asked: Parameters<typeof tree.files.read>) => {
        const read = await tree.files.read(...asked);
        if (asked[0] === "f") await tree.files.write("f", new TextEncoder().encode("other\n"));
        return read;
      },
    };
    await expect(applyPatch(racing, `${good}--- a/f\n+++ b/f\n@@ -1 +1 @@\n-one\n+two\n`)).rejects.toMatchObject({
      code: "file_changed",
    });
    expect(tree.texts()).toEqual({ f: "other\n", good: "a\n" });
  });

  test("where what was written cannot be taken back, as somebody wrote over it, that is said", async () => {
    const tree = createFileTree({ good: "a\n", f: "one\n" });
    const text = (written: string): Uint8Array => new TextEncoder().encode(written);
    const racing = {
      ...tree.files,
      write: async (...asked: Parameters<typeof tree.files.write>) => {
        if (asked[0] !== "f") return tree.files.write(...asked);
        await tree.files.write("good", text("theirs\n"));
        throw confinedFault("disk_full", "f");
      },
    };
    await expect(applyPatch(racing, `${good}--- a/f\n+++ b/f\n@@ -1 +1 @@\n-one\n+two\n`)).rejects.toMatchObject({
      code: "patch_applied_in_part",
      message: expect.stringContaining("The disk is full: 'f'") as string,
      data: { because: "disk_full" },
    });
    expect(tree.texts()).toEqual({ f: "one\n", good: "theirs\n" });
  });
});

test("a dry run only tells", async () => {
  const tree = createFileTree({ f: "a\n" });
  const told = await applyPatch(tree.files, "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n", { dryRun: true });
  expect([told, tree.texts()]).toEqual([[{ path: "f", change: "changed", additions: 1, deletions: 1 }], { f: "a\n" }]);
});

test("a patch whose place takes too long to be found is refused, so that nobody else waits for it", async () => {
  const tree = createFileTree({ "a.txt": "\n".repeat(60_000) });
  const patch = `--- a/a.txt\n+++ b/a.txt\n@@ -1,15001 +1,15000 @@\n${" \n".repeat(15_000)}-other\n`;
  const applied = applyPatch(tree.files, patch);
  await expect(applied).rejects.toThrow(refused({ path: "a.txt" }));
  await expect(applied).rejects.toThrow("takes too long");
});
