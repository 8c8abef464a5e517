import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGitServer, type GitServer } from "../testing/index.ts";
import { openWorked } from "../testing/worked-repository.ts";

let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test("files are staged, gone ones too, taken back and committed in the name that is set up", async () => {
  await using w = await openWorked(server, { files: { "a.txt": "1\n", "gone.txt": "2\n" } });
  await w.write({ "a.txt": "2\n", "d/new.txt": "3\n" });
  await rm(join(w.directory, "gone.txt"));
  await w.work.add({ paths: ["."] });
  expect(await w.changed()).toEqual(["modified - a.txt", "added - d/new.txt", "deleted - gone.txt"]);
  await w.work.unstage({ paths: ["d", "gone.txt"] });
  expect(await w.changed()).toEqual(["modified - a.txt", "- deleted gone.txt", "- untracked d/"]);
  const commit = await w.work.commit({ message: "--amend is only text\n\nBody\n# no comment" });
  expect(commit).toMatchObject({
    subject: "--amend is only text",
    body: "Body\n# no comment",
    author: { name: "Ada" },
  });
  expect(await w.changed()).toEqual(["- deleted gone.txt", "- untracked d/"]);
  await expect(w.work.commit({ message: "x" })).rejects.toMatchObject({ code: "nothing_to_commit" });
  await w.work.commit({ message: "All", all: true });
  expect(await w.changed()).toEqual([]);
  await expect(w.work.commit({ message: " \n" })).rejects.toMatchObject({ code: "invalid_input" });
});

test("what is not there, is ignored or lies behind a link is not staged, and nothing else either", async () => {
  await using w = await openWorked(server, { files: { ".gitignore": "*.log\n" } });
  await w.write({ "good.txt": "", "x.log": "" });
  await symlink("/etc", join(w.directory, "out"));
  await expect(w.work.add({ paths: ["good.txt", "none.txt"] })).rejects.toMatchObject({
    code: "file_not_found",
    data: { path: "none.txt" },
  });
  await expect(w.work.add({ paths: ["good.txt", "*.txt"] })).rejects.toMatchObject({
    code: "file_not_found",
    data: { path: "*.txt" },
  });
  await expect(w.work.add({ paths: ["out/hostname"] })).rejects.toMatchObject({
    code: "path_traversal",
    data: { path: "out/hostname" },
  });
  expect(await w.changed()).toEqual(["- untracked good.txt", "- untracked out"]);
  await expect(w.work.add({ paths: ["x.log"] })).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringContaining("ignored") as string,
  });
});

test("nobody to commit as, a hook that refuses and a conflict are told apart", async () => {
  await using w = await openWorked(server);
  await w.write({ "a.txt": "1\n" });
  await w.work.add({ paths: ["a.txt"] });
  await expect(w.open({ env: {} }).commit({ message: "x" })).rejects.toMatchObject({ code: "identity_missing" });
  await writeFile(join(w.directory, ".git/hooks/pre-commit"), "#!/bin/sh\necho tests failed >&2\nexit 1\n", {
    mode: 0o755,
  });
  await expect(w.work.commit({ message: "x" })).rejects.toMatchObject({
    code: "commit_failed",
    message: expect.stringContaining("tests failed") as string,
  });
  await w.sh(
    "rm .git/hooks/pre-commit && git commit -qm a && git switch -qc o HEAD~1 && echo o > a.txt && git add a.txt && git commit -qm o && git merge @{-1} || true",
  );
  await expect(w.work.commit({ message: "x" })).rejects.toMatchObject({
    code: "merge_conflict",
    data: { files: ["a.txt"] },
  });
});

test("another git that holds the index is told as that, and nothing of ours takes its lock away", async () => {
  await using w = await openWorked(server);
  await w.write({ "a.txt": "" });
  await w.sh("touch .git/index.lock");
  for (const change of [
    () => w.work.add({ paths: ["."] }),
    () => w.work.commit({ message: "x", all: true }),
    () => w.work.reset({ mode: "hard" }),
  ]) {
    await expect(change()).rejects.toMatchObject({ code: "repository_busy" });
  }
  expect((await w.work.status()).files).toHaveLength(1);
  await w.sh("test -e .git/index.lock");
});

test("changes are only given up where that is said", async () => {
  await using w = await openWorked(server, { files: { "a.txt": "1\n", "d/b.txt": "1\n" } });
  await w.write({ "a.txt": "lost\n", "d/b.txt": "lost\n" });
  await expect(w.work.restore({ paths: ["d"] })).rejects.toMatchObject({
    code: "uncommitted_work",
    data: { files: 1 },
    message: expect.stringContaining("d/b.txt") as string,
  });
  await w.work.restore({ paths: ["d"], allowDestructive: true });
  expect(await w.changed()).toEqual(["- modified a.txt"]);
  await expect(w.work.restore({ paths: ["none"], allowDestructive: true })).rejects.toMatchObject({
    code: "file_not_found",
  });
  await w.work.restore({ paths: ["d/b.txt"], from: "HEAD" });
});

test("the last commit is replaced as long as only this repository has it", async () => {
  await using w = await openWorked(server);
  await expect(w.work.commit({ message: "x", amend: true })).rejects.toMatchObject({
    code: "unpushed_work",
    message: expect.stringContaining("remote") as string,
  });
  await w.write({ "a.txt": "" });
  await w.work.commit({ message: "one", all: true });
  const { hash, parents } = await w.work.commit({ message: "two", amend: true });
  expect((await w.work.log({ limit: 1 })).commits[0]).toMatchObject({ hash, parents, subject: "two" });
});

test("branches are made, listed with what they follow, checked out, and deleted where nothing is lost", async () => {
  await using w = await openWorked(server, { branches: ["side"] });
  const head = await w.sh("git rev-parse origin/side");
  expect(await w.work.createBranch({ branch: "feature/x", from: "origin/side" })).toEqual({
    branch: "feature/x",
    head,
  });
  await expect(w.work.createBranch({ branch: "feature/x" })).rejects.toMatchObject({ code: "branch_exists" });
  expect(await w.work.checkout({ branch: "side" })).toEqual({ branch: "side", head });
  const { branches, truncated } = await w.work.branches();
  expect(truncated).toBe(false);
  expect(branches.map(({ name, remote, current, upstream }) => [name, remote, current, upstream])).toEqual(
    expect.arrayContaining([
      ["side", false, true, "origin/side"],
      ["feature/x", false, false, undefined],
      ["origin/side", true, false, undefined],
      ["origin/main", true, false, undefined],
    ]),
  );
  expect(branches.some(({ name }) => name === "origin/HEAD" || name === "origin")).toBe(false);
  await expect(w.work.deleteBranch({ branch: "side" })).rejects.toMatchObject({ code: "invalid_input" });
  await w.work.deleteBranch({ branch: "feature/x" });
  await w.work.checkout({ branch: "mine", create: true });
  await w.sh("git commit -q --allow-empty -m mine && git switch -q side");
  await expect(w.work.deleteBranch({ branch: "mine" })).rejects.toMatchObject({ code: "unpushed_work" });
  await w.work.deleteBranch({ branch: "mine", allowDestructive: true });
  await expect(w.work.checkout({ branch: "mine" })).rejects.toMatchObject({ code: "ref_not_found" });
});

test("a checkout keeps what is changed, or is refused with the files it would cost", async () => {
  await using w = await openWorked(server, { files: { "a.txt": "1\n", "b.txt": "1\n" } });
  await w.sh("git switch -qc other && echo other > a.txt && git commit -qam other && git switch -q -");
  await w.write({ "b.txt": "kept\n" });
  expect(await w.work.checkout({ branch: "other" })).toMatchObject({ branch: "other" });
  expect(await w.changed()).toEqual(["- modified b.txt"]);
  await w.write({ "a.txt": "lost\n" });
  await expect(w.work.checkout({ branch: w.branch })).rejects.toMatchObject({
    code: "uncommitted_work",
    data: { files: 1 },
    message: expect.stringContaining("a.txt") as string,
  });
  await w.work.checkout({ branch: w.branch, allowDestructive: true });
  expect(await w.changed()).toEqual([]);
});

test("commits that were made on no branch are not left behind", async () => {
  await using w = await openWorked(server);
  expect((await w.work.checkout({ branch: "HEAD", detach: true })).branch).toBeUndefined();
  await w.sh("git commit -q --allow-empty -m lost");
  await expect(w.work.checkout({ branch: w.branch })).rejects.toMatchObject({ code: "unpushed_work" });
  await w.work.createBranch({ branch: "found" });
  await w.work.checkout({ branch: w.branch });
});

test("before the first commit another branch can be stood on", async () => {
  await using w = await openWorked(server, { files: {} });
  expect(await w.work.checkout({ branch: "first", create: true })).toEqual({ branch: "first" });
});

test("a new directory with another repository in it is one entry, and commits of it are told as a submodule", async () => {
  await using w = await openWorked(server);
  await mkdir(join(w.directory, "inner"));
  await w.sh("git init -q inner && git -C inner commit -q --allow-empty -m x && git add inner 2>/dev/null");
  expect((await w.work.status()).files).toEqual([
    { path: "inner", index: "added", conflicted: false, submodule: true },
  ]);
  await w.sh("git commit -qm inner && git -C inner commit -q --allow-empty -m y");
  expect((await w.work.status()).files).toEqual([
    { path: "inner", worktree: "modified", conflicted: false, submodule: true },
  ]);
});
