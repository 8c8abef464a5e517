import { afterAll, beforeAll, expect, test } from "vitest";
import { startGitServer, type GitServer } from "../testing/index.ts";
import { openWorked } from "../testing/worked-repository.ts";

let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test("what is on the remote comes in, and what both have gone on with only by a rebase", async () => {
  await using w = await openWorked(server, { files: { "a.txt": "1\n", "b.txt": "1\n" } });
  await w.sh("git branch -q --set-upstream-to=origin/main");
  const from = await w.sh("git rev-parse HEAD");
  expect(await w.work.pull()).toEqual({ branch: "main", from, to: from, commits: 0 });
  const to = await w.change("main", { "a.txt": "theirs\n" });
  await w.write({ "b.txt": "mine\n" });
  await expect(w.work.pull()).rejects.toMatchObject({ code: "uncommitted_work" });
  expect(await w.work.pull({ allowDirty: true })).toEqual({ branch: "main", from, to, commits: 1 });
  await w.work.commit({ message: "mine", all: true });
  await w.change("main", { "c.txt": "" });
  await expect(w.work.pull()).rejects.toMatchObject({
    code: "branch_diverged",
    next: expect.stringContaining("--rebase") as string,
  });
  expect(await w.work.pull({ rebase: true })).toMatchObject({ commits: 1 });
  expect((await w.work.log({ limit: 2 })).commits.map(({ subject }) => subject)).toEqual(["mine", "Somebody's"]);
  await expect(w.work.pull({ branch: "none" })).rejects.toMatchObject({ code: "branch_not_found" });
});

test("a branch that only this workspace has goes on to what it was begun from", async () => {
  await using w = await openWorked(server);
  const from = await w.sh("git rev-parse HEAD");
  const to = await w.change("main", { "a.txt": "" });
  const { branch, ...repository } = w.repository;
  const work = w.open({ repository: { ...repository, baseBranch: "main" } });
  expect(await work.pull()).toEqual({ branch: "main", from, to, commits: 1 });
  await expect(w.work.pull()).rejects.toMatchObject({ code: "branch_not_found", data: { branch } });
});

test("a push reaches the branch of the same name, and replaces only what was last seen there", async () => {
  await using w = await openWorked(server, { files: { "a.txt": "1\n" } });
  await w.sh("git commit -q --allow-empty -m one");
  const { branch, commit } = await w.work.push();
  expect(branch).toBe(w.branch);
  expect((await w.served.git("rev-parse", `refs/heads/${w.branch}`)).trim()).toBe(commit);
  expect(await w.work.status()).toMatchObject({ upstream: `origin/${w.branch}`, ahead: 0 });
  await w.sh("git commit -q --amend --allow-empty -m other");
  await expect(w.work.push()).rejects.toMatchObject({ code: "push_failed" });
  const theirs = await w.change(w.branch, { "b.txt": "" });
  await expect(w.work.push({ force: true })).rejects.toMatchObject({ code: "push_failed" });
  await expect(w.work.push({ force: true, expected: commit })).rejects.toMatchObject({ code: "push_failed" });
  await w.work.push({ force: true, expected: theirs });
  expect(await w.work.push({ branch: "elsewhere" })).toMatchObject({ branch: "elsewhere" });
  await expect(w.work.push({ branch: "+x" })).resolves.toMatchObject({ branch: "+x" });
});
