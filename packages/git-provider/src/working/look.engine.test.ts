import { chmod, symlink, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGitServer, type GitServer } from "../testing/index.ts";
import { openWorked } from "../testing/worked-repository.ts";

let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());

/** What a shell, git's quoting, its pathspecs or a line-wise reader would trip over. */
const ODD = [
  "a b.txt",
  "nl\nname.txt",
  "ünï/ço dé.txt",
  "-dash.txt",
  "--output=x",
  "*",
  "[a]?.md",
  ":(top)x",
  "tab\tx",
  'q"\\x',
  " lead",
  "a/b => c",
  "@{0}",
];

test("what is fresh from the remote has changed nothing", async () => {
  await using w = await openWorked(server);
  expect(await w.work.status()).toEqual({
    branch: w.branch,
    head: await w.sh("git rev-parse HEAD"),
    detached: false,
    stashes: 0,
    files: [],
    total: 0,
    truncated: false,
  });
});

test("each name is told as it is: spaces, line feeds, quotes, stars, dashes, other scripts", async () => {
  await using w = await openWorked(server);
  await w.write(Object.fromEntries(ODD.map((name) => [name, "one\n"])));
  const untracked = await w.work.status({ untracked: "files" });
  expect(untracked.files.map(({ path }) => path).sort()).toEqual([...ODD].sort());
  expect(untracked.files.every(({ worktree, index }) => worktree === "untracked" && index === undefined)).toBe(true);
  await w.work.add({ paths: ODD });
  const staged = await w.work.status();
  expect(staged.files).toEqual(
    expect.arrayContaining(ODD.map((path) => ({ path, index: "added", conflicted: false }))),
  );
  const { files } = await w.work.diff({ staged: true });
  expect(files.map(({ path }) => path).sort()).toEqual([...ODD].sort());
  for (const { additions, hunks, truncated } of files) {
    expect({ additions, truncated, hunks }).toEqual({
      additions: 1,
      truncated: false,
      hunks: [{ header: "@@ -0,0 +1 @@", lines: [{ type: "added", new: 1, text: "one" }] }],
    });
  }
  const { hash } = await w.work.commit({ message: "Odd names" });
  for (const path of ODD) {
    expect((await w.work.log({ path })).commits.map((commit) => commit.hash)).toEqual([hash]);
    expect(Buffer.from((await w.work.blob({ ref: "HEAD", path })).content).toString()).toBe("one\n");
  }
  await w.work.add({ paths: ["*"] });
  expect((await w.work.diff({ from: "HEAD~1", to: "HEAD", paths: ["*"] })).files.map(({ path }) => path)).toEqual([
    "*",
  ]);
});

test("what is staged, changed since, renamed, gone, a link now and in conflict is told apart", async () => {
  await using w = await openWorked(server, {
    files: {
      "both.txt": "1\n",
      "gone.txt": "2\n",
      "old name.txt": "a\nb\nc\nd\n",
      "link.txt": "3\n",
      "fight.txt": "4\n",
      "mode.sh": "5\n",
    },
  });
  await w.sh(
    "git switch -qc other && echo theirs > fight.txt && git commit -qam theirs && git switch -q - && echo ours > fight.txt && git commit -qam ours",
  );
  await w.sh("git merge other || true");
  await w.write({ "both.txt": "1\nstaged\n" });
  await w.work.add({ paths: ["both.txt"] });
  await w.write({ "both.txt": "1\nstaged\nmore\n", "new dir/x": "" });
  await unlink(join(w.directory, "gone.txt"));
  await unlink(join(w.directory, "link.txt"));
  await symlink("both.txt", join(w.directory, "link.txt"));
  await chmod(join(w.directory, "mode.sh"), 0o755);
  await w.sh("git mv 'old name.txt' 'new\nname.txt'");
  const status = await w.work.status();
  expect(status.operation).toBe("merge");
  expect(Object.fromEntries(status.files.map(({ path, ...file }) => [path, file]))).toEqual({
    "both.txt": { index: "modified", worktree: "modified", conflicted: false },
    "fight.txt": { index: "unmerged", worktree: "unmerged", conflicted: true },
    "gone.txt": { worktree: "deleted", conflicted: false },
    "link.txt": { worktree: "type_changed", conflicted: false },
    "mode.sh": { worktree: "modified", conflicted: false },
    "new\nname.txt": { index: "renamed", oldPath: "old name.txt", conflicted: false },
    "new dir/": { worktree: "untracked", conflicted: false },
  });
  const here = await w.work.diff();
  expect(here.files.map(({ path, status: kind, additions, deletions }) => [path, kind, additions, deletions])).toEqual([
    ["both.txt", "modified", 1, 0],
    ["fight.txt", "unmerged", 4, 0],
    ["gone.txt", "deleted", 0, 1],
    ["link.txt", "type_changed", 1, 1],
    ["mode.sh", "modified", 0, 0],
  ]);
  expect(here.files.find(({ path }) => path === "link.txt")?.hunks.map(({ lines }) => lines)).toEqual([
    [{ type: "deleted", old: 1, text: "3" }],
    [{ type: "added", new: 1, text: "both.txt", noNewline: true }],
  ]);
  expect(here.files.find(({ path }) => path === "mode.sh")).toMatchObject({
    oldMode: "100644",
    newMode: "100755",
    hunks: [],
  });
  expect(here).toMatchObject({ total: 5, truncated: false, additions: 6, deletions: 2 });
  const staged = await w.work.diff({ staged: true });
  expect(staged.files.find(({ path }) => path === "new\nname.txt")).toMatchObject({
    status: "renamed",
    oldPath: "old name.txt",
    hunks: [],
  });
  expect(staged.files.find(({ path }) => path === "fight.txt")).toMatchObject({ status: "unmerged", hunks: [] });
});

test("a log has its commits' people, words and references, and goes on where it ended", async () => {
  await using w = await openWorked(server);
  await w.sh(
    "git commit -q --allow-empty -m 'Subject, with\nline' -m 'Body\n\n  indented\n' --author='Ünï <u@example.test>' --date=2026-01-02T03:04:05+02:00 && git tag v1 && git tag -a -m x v2",
  );
  await w.sh(
    "git switch -qc side HEAD~1 && git commit -q --allow-empty -m s && git switch -q - && git merge -q --no-ff -m Merge side",
  );
  const { commits, truncated } = await w.work.log();
  expect(truncated).toBe(false);
  const [merge, , subject] = commits;
  expect(merge).toMatchObject({ subject: "Merge", body: "", parents: [expect.any(String), expect.any(String)] });
  expect(merge?.refs).toEqual([
    { type: "head", name: "HEAD" },
    { type: "branch", name: w.branch },
  ]);
  const told = commits.find((commit) => commit.subject === "Subject, with line");
  expect(subject).toBeDefined();
  expect(told).toMatchObject({
    author: { name: "Ünï", email: "u@example.test", date: "2026-01-02T03:04:05+02:00" },
    committer: { name: "Ada" },
    body: "Body\n\n  indented",
    refs: [
      { type: "tag", name: "v2" },
      { type: "tag", name: "v1" },
    ],
  });
  const first = await w.work.log({ limit: 2 });
  const rest = await w.work.log({ limit: 10, skip: 2 });
  expect(first.truncated).toBe(true);
  expect([...first.commits, ...rest.commits]).toEqual(commits);
  expect((await w.work.log({ from: "v1" })).commits).toHaveLength(2);
  expect((await w.work.log({ ref: "side" })).commits[0]?.subject).toBe("s");
});

test("before the first commit there is a branch, no history and nothing to compare with", async () => {
  await using w = await openWorked(server, { files: {} });
  expect(await w.work.status()).toMatchObject({ branch: w.branch, detached: false });
  expect(await w.work.log()).toEqual({ commits: [], truncated: false });
  await w.write({ "a.txt": "1\n" });
  await w.work.add({ paths: ["a.txt"] });
  expect((await w.work.diff({ staged: true })).files).toMatchObject([{ path: "a.txt", status: "added" }]);
  await w.work.unstage({ paths: ["a.txt"] });
  expect((await w.work.status()).files).toMatchObject([{ worktree: "untracked" }]);
  await expect(w.work.show()).rejects.toMatchObject({ code: "ref_not_found" });
  expect(await w.work.branches()).toMatchObject({ branches: [] });
});

test("a commit is shown with what it changed, the first one and a merge too", async () => {
  await using w = await openWorked(server, { files: { "a.txt": "1\n" } });
  const root = await w.work.show();
  expect(root.commit.parents).toEqual([]);
  expect(root.diff.files).toMatchObject([{ path: "a.txt", status: "added", additions: 1 }]);
  await w.sh(
    "git switch -qc side && echo s > s.txt && git add -A && git commit -qm s && git switch -q - && git commit -q --allow-empty -m o && git merge -q --no-ff -m M side",
  );
  expect((await w.work.show({ ref: "HEAD" })).diff.files).toMatchObject([{ path: "s.txt", status: "added" }]);
  expect((await w.work.show({ ref: "HEAD~1", stat: true })).diff.files).toEqual([]);
});

test("a file is read as it is in a commit or staged, its beginning where it is long, and told apart from what is none", async () => {
  await using w = await openWorked(server, { files: { "d/a.txt": "committed\n" } });
  await w.write({ "d/a.txt": "staged\n" });
  await w.work.add({ paths: ["d"] });
  const text = ({ content }: { content: Uint8Array }): string => Buffer.from(content).toString();
  expect(text(await w.work.blob({ ref: "HEAD", path: "d/a.txt" }))).toBe("committed\n");
  const staged = await w.work.blob({ path: "./d//a.txt" });
  expect({ ...staged, content: text(staged) }).toEqual({
    path: "d/a.txt",
    size: 7,
    content: "staged\n",
    truncated: false,
  });
  expect(await w.work.blob({ path: "d/a.txt", limit: 3 })).toMatchObject({
    size: 7,
    content: new TextEncoder().encode("sta"),
    truncated: true,
  });
  await expect(w.work.blob({ ref: "HEAD", path: "d" })).rejects.toMatchObject({ code: "not_a_regular_file" });
  await expect(w.work.blob({ ref: "HEAD", path: "none" })).rejects.toMatchObject({ code: "file_not_found" });
  await expect(w.work.blob({ ref: "none", path: "d/a.txt" })).rejects.toMatchObject({ code: "ref_not_found" });
});

test("looking changes nothing, also not the index", async () => {
  await using w = await openWorked(server);
  await w.sh("touch -d '2020-01-01' README.md");
  const index = await w.sh("sha256sum .git/index");
  await w.work.status();
  await w.work.diff();
  await w.work.diff({ from: "HEAD" });
  await w.work.show();
  expect(await w.sh("sha256sum .git/index")).toBe(index);
});

test("ahead, behind, a detached head and a rebase under way are told", async () => {
  await using w = await openWorked(server, { files: { "a.txt": "1\n" } });
  await w.sh("git branch -q --set-upstream-to=origin/main && git commit -q --allow-empty -m mine");
  expect(await w.work.status()).toMatchObject({ upstream: "origin/main", ahead: 1, behind: 0 });
  await w.sh("git switch -q --detach && echo x > a.txt && git stash -q");
  expect(await w.work.status()).toMatchObject({ detached: true, stashes: 1 });
  expect((await w.work.status()).branch).toBeUndefined();
  await w.sh(
    "git switch -q - && echo 2 > a.txt && git commit -qam two && git switch -qc up HEAD~1 && echo 3 > a.txt && git commit -qam three && git rebase @{-1} || true",
  );
  expect(await w.work.status()).toMatchObject({ operation: "rebase" });
});

test("a repository that is gone is told as that, and none above it is taken for it", async () => {
  await using w = await openWorked(server);
  await w.sh("rm -rf .git && git init -q ..");
  for (const verb of ["status", "log", "diff", "show", "branches", "stashes"] as const) {
    await expect(w.work[verb]()).rejects.toMatchObject({ code: "repository_not_found" });
  }
});

test("who has gone away is not answered, and the program ends", async () => {
  await using w = await openWorked(server);
  const gone = new AbortController();
  const work = w.open({ signal: gone.signal });
  await writeFile(join(w.directory, "README.md"), "x\n");
  gone.abort();
  await expect(work.diff()).rejects.toMatchObject({ code: "aborted" });
});
