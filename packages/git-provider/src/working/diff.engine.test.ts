import { afterAll, beforeAll, expect, test } from "vitest";
import { startGitServer, type GitServer } from "../testing/index.ts";
import { openWorked } from "../testing/worked-repository.ts";

let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test("hunks carry the numbers of their lines, bare carriage returns and the missing end of a file", async () => {
  await using w = await openWorked(server, { files: { "a.txt": "1\n2\n3\n4\n5\n6\n7\n8\n9\n" } });
  await w.write({ "a.txt": "1\n2\nthree\r\n4\n5\n6\n7\n8\nni\rne" });
  const [file] = (await w.work.diff({ context: 1 })).files;
  expect(file?.hunks).toEqual([
    {
      header: "@@ -2,3 +2,3 @@",
      lines: [
        { type: "context", old: 2, new: 2, text: "2" },
        { type: "deleted", old: 3, text: "3" },
        { type: "added", new: 3, text: "three\r" },
        { type: "context", old: 4, new: 4, text: "4" },
      ],
    },
    {
      header: "@@ -8,2 +8,2 @@",
      lines: [
        { type: "context", old: 8, new: 8, text: "8" },
        { type: "deleted", old: 9, text: "9" },
        { type: "added", new: 9, text: "ni\rne", noNewline: true },
      ],
    },
  ]);
});

test("a file whose lines look like a patch is one file", async () => {
  await using w = await openWorked(server, { files: { "a.txt": "x\n", "b.txt": "y\n" } });
  const fake = [
    "diff --git a/b.txt b/b.txt",
    "--- a/b.txt",
    "+++ b/b.txt",
    "@@ -1 +1 @@",
    "-y",
    "+z",
    "\\ No newline at end of file",
  ];
  await w.write({ "a.txt": `${fake.join("\n")}\n` });
  const { files } = await w.work.diff();
  expect(files.map(({ path }) => path)).toEqual(["a.txt"]);
  expect(files[0]?.hunks[0]?.lines.map(({ text }) => text)).toEqual(["x", ...fake]);
});

test("a name in conflict that looks like a patch gives nothing to another file", async () => {
  const name = "q\ndiff --git a/b.txt b/b.txt\n@@ -1 +1 @@\n-y\n+evil";
  await using w = await openWorked(server, { files: { "b.txt": "y\n" } });
  await w.write({ [name]: "0\n" });
  await w.sh("git add -A && git commit -qm base && git switch -qc other");
  await w.write({ [name]: "theirs\n" });
  await w.sh("git commit -qam theirs && git switch -q -");
  await w.write({ [name]: "ours\n", "b.txt": "z\n" });
  await w.sh("git commit -qam ours && git merge other || true");
  await w.write({ "b.txt": "changed\n" });
  for (const options of [{}, { staged: true }]) {
    const { files } = await w.work.diff(options);
    for (const { hunks } of files) expect(JSON.stringify(hunks)).not.toContain('"evil"');
  }
  expect((await w.work.diff()).files.map(({ path, additions }) => [path, additions])).toEqual([
    ["b.txt", 1],
    [name, 4],
  ]);
});

test("binary files, empty ones and ones that are no UTF-8 are told as that", async () => {
  await using w = await openWorked(server);
  await w.write({ "image.png": Uint8Array.of(137, 80, 0, 1, 2), empty: "", "latin.txt": Uint8Array.of(0xe9, 0x0a) });
  await w.work.add({ paths: ["."] });
  const { files } = await w.work.diff({ staged: true });
  expect(
    Object.fromEntries(files.map(({ path, binary, additions, hunks }) => [path, [binary, additions, hunks.length]])),
  ).toEqual({
    "image.png": [true, 0, 0],
    empty: [false, 0, 0],
    "latin.txt": [false, 1, 1],
  });
  expect(files.find(({ path }) => path === "latin.txt")?.hunks[0]?.lines[0]?.text).toBe("\ufffd");
});

test("a comparison is between two commits, with where they parted, with what is staged or here, in numbers only", async () => {
  await using w = await openWorked(server, { files: { "a.txt": "1\n" } });
  await w.sh("git switch -qc side && echo side > side.txt && git add -A && git commit -qm side && git switch -q -");
  await w.sh("echo 2 >> a.txt && git commit -qam two");
  const names = async (options: Parameters<typeof w.work.diff>[0]) =>
    (await w.work.diff(options)).files.map(({ path, status }) => `${status} ${path}`);
  expect(await names({ from: "side", to: "HEAD" })).toEqual(["modified a.txt", "deleted side.txt"]);
  expect(await names({ from: "HEAD", to: "side", mergeBase: true })).toEqual(["added side.txt"]);
  await w.sh("echo 3 >> a.txt && git add a.txt && echo 4 >> a.txt");
  expect((await w.work.diff({ from: "HEAD" })).additions).toBe(2);
  expect((await w.work.diff({ from: "HEAD", staged: true })).additions).toBe(1);
  expect(await w.work.diff({ stat: true })).toEqual({
    files: [
      { path: "a.txt", status: "modified", binary: false, additions: 1, deletions: 0, hunks: [], truncated: false },
    ],
    additions: 1,
    deletions: 0,
    total: 1,
    hidden: 0,
    truncated: false,
  });
  await expect(w.work.diff({ to: "HEAD" })).rejects.toMatchObject({ code: "invalid_input", data: { field: "to" } });
  await expect(w.work.diff({ mergeBase: true })).rejects.toMatchObject({ data: { field: "mergeBase" } });
});

test("what is very large is told with its numbers and its beginning", async () => {
  await using w = await openWorked(server, { files: { "a.txt": "1\n" } });
  await w.write({ "b.txt": "line\n".repeat(9_000), "long.txt": "x".repeat(1_000_000), "z.txt": "z\n".repeat(30_000) });
  await w.work.add({ paths: ["."] });
  const { files, truncated, additions } = await w.work.diff({ staged: true });
  expect({ truncated, additions }).toEqual({ truncated: true, additions: 39_001 });
  const lines = (path: string) => files.find((file) => file.path === path)?.hunks.flatMap((hunk) => hunk.lines) ?? [];
  expect(lines("b.txt")).toHaveLength(5_000);
  expect(lines("long.txt")).toMatchObject([{ cut: true, text: "x".repeat(8_192) }]);
  expect(files.map((file) => file.truncated)).toEqual([true, false, true]);
  const few = await w.work.status({ limit: 2 });
  expect(few).toMatchObject({ total: 3, truncated: true });
  expect(few.files).toHaveLength(2);
});

test("what was only touched has not changed, whatever it holds", async () => {
  await using w = await openWorked(server, { files: { "a.txt": "1\n", empty: "" } });
  await w.write({ "b.bin": Uint8Array.of(0, 1, 2), "c.bin": Uint8Array.of(0, 1, 2) });
  await w.sh("git add -A && git commit -qm bin && touch -d '2020-01-01' *");
  expect(await w.work.diff()).toMatchObject({ files: [], total: 0 });
  await w.write({ "c.bin": Uint8Array.of(0, 1, 3) });
  expect(await w.work.diff()).toMatchObject({ files: [{ path: "c.bin", binary: true }], total: 1 });
  await w.sh("printf '2\\n' > a.txt");
  expect(await w.work.diff()).toMatchObject({ files: [{ path: "a.txt", additions: 1 }, { path: "c.bin" }], total: 2 });
  expect((await w.work.diff({ from: "HEAD" })).files.map(({ path }) => path)).toEqual(["a.txt", "c.bin"]);
});
