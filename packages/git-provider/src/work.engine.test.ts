import { writeFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Box, Repository } from "@ws/workspace-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGit } from "./git.ts";
import { runToEnd } from "./run-git.ts";
import { startGitServer, type GitServer, type ServedRepository } from "./testing/index.ts";
import { openStandInBox } from "./testing/stand-in-box.ts";

const log = { debug() {}, info() {}, warn() {}, error() {} };
const IDENTITY = {
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.test",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.test",
};
const report = (): void => undefined;

let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());

interface Worked extends AsyncDisposable {
  git: ReturnType<typeof createGit>;
  box: Box;
  repository: Repository;
  served: ServedRepository;
  directory: string;
  sh: (script: string) => Promise<string>;
}

let count = 0;

/** A clone on its own branch, as provision leaves it. */
async function clone(options: Parameters<GitServer["create"]>[1] = {}): Promise<Worked> {
  const served = await server.create(`work/r${++count}.x`, options);
  const git = createGit({ log, ca: [server.ca] });
  const box = await openStandInBox();
  const repository = { ...git.parseUrl(served.url), branch: `parallax/ws-${count}/person/demo` };
  await git.attach(box, { profile: "person", repository });
  await git.clone(box, repository, { group: "clone", report });
  const directory = box.repositoryDirectory(repository.name);
  const sh = async (script: string): Promise<string> => {
    const { code, stdout, stderr } = await runToEnd(box, ["sh", "-c", script], { cwd: directory, env: IDENTITY });
    if (code !== 0) throw new Error(stderr);
    return stdout.trim();
  };
  return { git, box, repository, served, directory, sh, [Symbol.asyncDispose]: () => box[Symbol.asyncDispose]() };
}

test("what is fresh from the remote holds nothing of its own", async () => {
  await using w = await clone();
  expect(await w.git.workState(w.box, w.repository, { group: "look" })).toEqual({
    branch: w.repository.branch,
    head: await w.sh("git rev-parse HEAD"),
    uncommitted: { count: 0, files: [] },
    unpushed: 0,
    stashes: 0,
  });
});

test("changed, renamed, new and conflicting files are counted, ignored ones are not", async () => {
  await using w = await clone({ files: { "a b.txt": "one\n", "moved.txt": "two\n", ".gitignore": "*.log\n" } });
  await w.sh(
    "echo more >> 'a b.txt'; git mv moved.txt 'new name.txt'; echo x > build.log; mkdir d; echo y > 'd/ü.txt'",
  );
  const { uncommitted } = await w.git.workState(w.box, w.repository, { group: "look" });
  expect([...uncommitted.files].sort()).toEqual(["a b.txt", "d/", "new name.txt"]);
});

test("commits of any branch, of a detached head and of another worktree count, and so do stashes and its files", async () => {
  await using w = await clone();
  await w.sh("git commit -q --allow-empty -m one && git switch -q -c other && git commit -q --allow-empty -m two");
  await w.sh("git switch -q --detach && git commit -q --allow-empty -m three && echo x >> README.md && git stash -q");
  await w.sh("git worktree add -q ../elsewhere -b third && cd ../elsewhere && echo y > new.txt");
  const { branch, unpushed, stashes, uncommitted } = await w.git.workState(w.box, w.repository, { group: "look" });
  expect({ branch, unpushed, stashes }).toEqual({ branch: undefined, unpushed: 3, stashes: 1 });
  expect(uncommitted).toEqual({ count: 1, files: [join(w.box.home, "elsewhere/new.txt")] });
});

test("an empty repository can be looked at before its first commit", async () => {
  await using w = await clone({ files: {} });
  expect(await w.git.workState(w.box, w.repository, { group: "look" })).toMatchObject({ unpushed: 0, stashes: 0 });
  await w.sh("git commit -q --allow-empty -m first");
  expect(await w.git.workState(w.box, w.repository, { group: "look" })).toMatchObject({ unpushed: 1 });
});

test("a repository that is gone is told as that", async () => {
  await using w = await clone();
  await w.sh("rm -rf .git");
  await expect(w.git.workState(w.box, w.repository, { group: "look" })).rejects.toMatchObject({
    code: "repository_not_found",
  });
});

test("looking runs nothing for the sake of an index", async () => {
  await using w = await clone();
  await w.sh("touch README.md");
  const index = await w.sh("sha256sum .git/index");
  await w.git.workState(w.box, w.repository, { group: "look" });
  expect(await w.sh("sha256sum .git/index")).toBe(index);
});

test("everything is committed in the given name, and nothing to commit is success", async () => {
  await using w = await clone();
  await mkdir(join(w.directory, "sub"));
  await writeFile(join(w.directory, "sub/-x.txt"), "content\n");
  for (let round = 0; round < 2; round++) {
    await w.git.commitAll(w.box, w.repository, { message: "--amend is only text\n\nBody", env: IDENTITY, group: "c" });
  }
  expect(await w.sh("git log -1 --format='%an %ae %s' && git rev-list --count HEAD && git status --short")).toBe(
    "Ada ada@example.test --amend is only text\n2",
  );
});

test("without a name nothing is committed, and the settings are named", async () => {
  await using w = await clone();
  await writeFile(join(w.directory, "x"), "");
  await expect(w.git.commitAll(w.box, w.repository, { message: "x", group: "c" })).rejects.toMatchObject({
    code: "identity_missing",
    next: expect.stringContaining("git.name") as string,
  });
});

test("a hook that refuses the commit is quoted", async () => {
  await using w = await clone();
  await w.sh(
    "printf '#!/bin/sh\\necho tests failed >&2\\nexit 1\\n' > .git/hooks/pre-commit; chmod +x .git/hooks/pre-commit; touch x",
  );
  await expect(w.git.commitAll(w.box, w.repository, { message: "x", env: IDENTITY, group: "c" })).rejects.toMatchObject(
    {
      code: "commit_failed",
      message: expect.stringContaining("tests failed") as string,
    },
  );
});

test("what is checked out reaches the branch, and is then nothing of its own any more", async () => {
  await using w = await clone();
  await w.sh("git commit -q --allow-empty -m one");
  const branch = w.repository.branch ?? "";
  const { commit } = await w.git.push(w.box, w.repository, { branch, group: "push", report });
  expect((await w.served.git("rev-parse", `refs/heads/${branch}`)).trim()).toBe(commit);
  expect(await w.git.workState(w.box, w.repository, { group: "look" })).toMatchObject({ unpushed: 0 });
  expect(await w.sh("git rev-parse --abbrev-ref @{upstream}")).toBe(`origin/${branch}`);
  // Again is success.
  expect(await w.git.push(w.box, w.repository, { branch, group: "push", report })).toEqual({ commit });
});

test("a branch that is switched to goes to the branch that is named, and follows what it followed before", async () => {
  await using w = await clone();
  await w.sh("git switch -q -c feature/try && git commit -q --allow-empty -m tried");
  const settings = () => w.sh("git config --local --get-regexp '^branch[.]' | sort");
  const before = await settings();
  const branch = w.repository.branch ?? "";
  const pushed = await w.git.push(w.box, w.repository, { branch, group: "push", report });
  expect(pushed).toEqual({ commit: await w.sh("git rev-parse HEAD"), from: "feature/try" });
  expect(await settings()).toBe(before);
  expect(await w.sh(`git rev-parse origin/${branch}`)).toBe(pushed.commit);
  expect(await w.git.workState(w.box, w.repository, { group: "look" })).toMatchObject({ unpushed: 0 });
});

test("a remote that went on refuses the push until it is brought in or forced", async () => {
  await using w = await clone();
  const branch = "shared";
  await w.sh("git commit -q --allow-empty -m mine");
  await w.served.git("branch", branch, "main");
  const tree = (await w.served.git("rev-parse", "main^{tree}")).trim();
  const theirs = (await w.served.git("commit-tree", "-p", "main", "-m", "theirs", tree)).trim();
  await w.served.git("update-ref", `refs/heads/${branch}`, theirs);
  const pushing = (force: boolean) => w.git.push(w.box, w.repository, { branch, force, group: "push", report });
  await expect(pushing(false)).rejects.toMatchObject({
    code: "push_failed",
    next: expect.stringContaining("git pull --rebase") as string,
  });
  await pushing(true);
});

test("what the server's hook refuses is told in its words", async () => {
  await using w = await clone();
  await writeFile(join(w.served.path, "hooks/update"), "#!/bin/sh\necho no branches on Fridays\nexit 1\n", {
    mode: 0o755,
  });
  await w.sh("git commit -q --allow-empty -m one");
  await expect(w.git.push(w.box, w.repository, { branch: "b", group: "push", report })).rejects.toMatchObject({
    code: "push_refused",
    message: expect.stringMatching(/The push of 'b' was refused: .*Fridays/) as string,
  });
});

test("CVE-2026-70357: a repository that leads its pushes elsewhere is not believed", async () => {
  await using w = await clone();
  const other = await server.create(`work/capture${count}`);
  const forward = await w.sh(
    "git config --name-only --get-regexp '^url[.]http://' | sed 's/^url[.]//; s/[.]insteadof$//'",
  );
  const elsewhere = forward + other.url.replace("https://", "");
  await w.sh(`git commit -q --allow-empty -m one && git config url.${elsewhere}.pushInsteadOf ${w.served.url}`);
  await expect(w.git.push(w.box, w.repository, { branch: "b", group: "push", report })).rejects.toMatchObject({
    code: "push_failed",
    message: expect.stringContaining("does not have it") as string,
  });
  expect(await other.git("branch", "--list", "b")).toContain("b");
  expect(await w.served.git("branch", "--list", "b")).toBe("");
});

test("a fetch brings what the remote has since then", async () => {
  await using w = await clone();
  await w.served.git("branch", "later", "main");
  await w.git.fetch(w.box, w.repository, { group: "fetch", report });
  expect(await w.sh("git rev-parse --abbrev-ref origin/later")).toBe("origin/later");
  await expect(w.git.fetch(w.box, w.repository, { branches: ["none"], group: "fetch", report })).rejects.toMatchObject({
    message: expect.stringContaining("none") as string,
  });
});

test("branches of executions are told from people's", () => {
  const git = createGit({ log, branchPrefix: "team/ws" });
  const branch = git.ownBranch({ id: "ws-1", name: "demo", execution: { id: "e.1", role: "Code Reviewer" } });
  expect(branch).toBe("team/ws/e.1/code-reviewer/demo");
  expect(git.isOfExecution(branch, "e.1")).toBe(true);
  expect(git.isOfExecution("team/ws/e.10/x", "e.1")).toBe(false);
  expect(git.ownBranch({ id: "ws-1", name: "demo" })).toBe("team/ws/ws-1/person/demo");
});
