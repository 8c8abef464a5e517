import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Box, Repository } from "@ws/workspace-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGit } from "./git.ts";
import { runToEnd } from "./run-git.ts";
import { startGitServer, type GitServer, type ServedRepository } from "./testing/index.ts";
import { openStandInBox } from "./testing/stand-in-box.ts";
import { addWorktree, removeWorktree, worktreePaths, worktreeState } from "./worktrees.ts";

const log = { debug() {}, info() {}, warn() {}, error() {} };
const IDENTITY = {
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.test",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.test",
};
let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());
let count = 0;

interface Cloned extends AsyncDisposable {
  git: ReturnType<typeof createGit>;
  box: Box;
  repository: Repository;
  served: ServedRepository;
  at: (name: string) => string;
  sh: (cwd: string, script: string) => Promise<string>;
}

async function clone(): Promise<Cloned> {
  const served = await server.create(`trees/r${++count}`, { branches: ["develop"] });
  const git = createGit({ log, ca: [server.ca] });
  const box = await openStandInBox();
  const repository = { ...git.parseUrl(served.url), branch: "own" };
  await git.attach(box, { profile: "person", repository });
  await git.clone(box, repository, { group: "clone", report: () => undefined });
  const sh = async (cwd: string, script: string): Promise<string> => {
    const { code, stdout, stderr } = await runToEnd(box, ["sh", "-c", script], { cwd, env: IDENTITY });
    if (code !== 0) throw new Error(stderr);
    return stdout.trim();
  };
  const at = (name: string): string => join(box.home, "worktrees", name);
  return { git, box, repository, served, at, sh, [Symbol.asyncDispose]: () => box[Symbol.asyncDispose]() };
}

test("a worktree stands on a branch of its own that begins at the base, is pushed from there, and leaves the repository clean", async () => {
  await using c = await clone();
  const tree = { path: c.at("one"), branch: "parallax/exec-1/reviewer/look" };
  await addWorktree(c.box, c.repository, { ...tree, base: "develop" });
  expect(await c.sh(tree.path, "git symbolic-ref --short HEAD && ls")).toContain(
    `${tree.branch}\nREADME.md\ndevelop.txt`,
  );
  expect(await worktreePaths(c.box, c.repository)).toEqual([tree.path]);
  expect(await c.sh(c.box.repositoryDirectory(c.repository.name), "git status --porcelain")).toBe("");

  await writeFile(join(tree.path, "-x.txt"), "x\n");
  expect(await worktreeState(c.box, c.repository, tree)).toEqual({
    uncommitted: { count: 1, files: ["-x.txt"] },
    unpushed: 0,
  });
  const running = { worktree: tree.path, env: IDENTITY, group: "g", report: () => undefined };
  await c.git.commitAll(c.box, c.repository, { ...running, message: "Look" });
  expect(await worktreeState(c.box, c.repository, tree)).toMatchObject({ uncommitted: { count: 0 }, unpushed: 1 });
  const { commit } = await c.git.push(c.box, c.repository, { ...running, branch: tree.branch });
  expect((await c.served.git("rev-parse", tree.branch)).trim()).toBe(commit);
  expect(await worktreeState(c.box, c.repository, tree)).toMatchObject({ unpushed: 0 });
  await c.sh(tree.path, "git switch -q --detach && git commit -q --allow-empty -m elsewhere");
  expect(await worktreeState(c.box, c.repository, tree)).toMatchObject({ unpushed: 1 });
});

test("one that was removed is gone with its branch, and removing it again is success", async () => {
  await using c = await clone();
  const tree = { path: c.at("one"), branch: "side" };
  await addWorktree(c.box, c.repository, tree);
  await writeFile(join(tree.path, "new.txt"), "x\n");
  for (let round = 0; round < 2; round += 1) await removeWorktree(c.box, c.repository, tree);
  expect(existsSync(tree.path)).toBe(false);
  expect(await c.sh(c.box.repositoryDirectory(c.repository.name), "git branch --list side")).toBe("");
});

test("one whose making was cut off is made again on the branch that is there", async () => {
  await using c = await clone();
  const tree = { path: c.at("one"), branch: "side" };
  await addWorktree(c.box, c.repository, tree);
  await c.sh(c.box.home, "rm -rf worktrees/one");
  await addWorktree(c.box, c.repository, tree);
  expect(await c.sh(tree.path, "git symbolic-ref --short HEAD")).toBe("side");
});

test("a base that is not there and names that git would read as options are refused, and nothing is made (CVE-2025-68143)", async () => {
  await using c = await clone();
  const path = c.at("bad");
  await expect(addWorktree(c.box, c.repository, { path, branch: "b", base: "nowhere" })).rejects.toMatchObject({
    code: "branch_not_found",
    message: expect.stringContaining("Branch not found") as string,
  });
  for (const name of ["--force", "-b", "x;touch pwned", "a b", "../up", "HEAD", ""]) {
    await expect(addWorktree(c.box, c.repository, { path, branch: name })).rejects.toMatchObject({
      code: "invalid_input",
    });
    await expect(addWorktree(c.box, c.repository, { path, branch: "b", base: name })).rejects.toMatchObject({
      code: "invalid_input",
    });
  }
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "somebody's"), "work\n");
  await expect(addWorktree(c.box, c.repository, { path, branch: "b" })).rejects.toMatchObject({ code: "clone_failed" });
  expect(await worktreePaths(c.box, c.repository)).toEqual([]);
});
