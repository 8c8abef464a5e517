import { afterAll, beforeAll, expect, test } from "vitest";
import { startGitServer, type GitServer } from "../testing/index.ts";
import { openWorked } from "../testing/worked-repository.ts";

let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test("changes are put away and come back, a stash that does not fit is kept, and none is dropped by the way", async () => {
  await using w = await openWorked(server, { files: { "a.txt": "1\n", "b.txt": "1\n" } });
  expect(await w.work.stash()).toEqual({ created: false });
  await w.write({ "a.txt": "2\n", "new.txt": "" });
  expect(await w.work.stash({ message: "half\ndone", untracked: true })).toEqual({ created: true });
  expect(await w.changed()).toEqual([]);
  const [stash] = await w.work.stashes();
  expect(stash).toMatchObject({
    index: 0,
    hash: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
    message: expect.stringContaining("half") as string,
  });
  await w.work.popStash({ index: 0, hash: stash?.hash ?? "" });
  expect(await w.changed()).toEqual(["- modified a.txt", "- untracked new.txt"]);
  await w.work.stash();
  await w.sh("echo 3 > a.txt && git commit -qam three");
  await expect(w.work.popStash()).rejects.toMatchObject({ code: "merge_conflict", data: { files: ["a.txt"] } });
  expect(await w.work.stashes()).toHaveLength(1);
  await w.work.reset({ mode: "hard", allowDestructive: true });
  await expect(w.work.dropStash({ index: 0 })).rejects.toMatchObject({ code: "unpushed_work" });
  await expect(w.work.dropStash({ index: 0, hash: "0000000", allowDestructive: true })).rejects.toMatchObject({
    code: "invalid_input",
  });
  await w.work.dropStash({ index: 0, allowDestructive: true });
  await expect(w.work.dropStash({ index: 0, allowDestructive: true })).rejects.toMatchObject({ code: "ref_not_found" });
});

test("a reset moves the branch, and takes no work with it unless that is said", async () => {
  await using w = await openWorked(server, { files: { "a.txt": "1\n" } });
  const base = await w.sh("git rev-parse HEAD");
  await w.sh("echo 2 > a.txt && git commit -qam two");
  await expect(w.work.reset({ target: "HEAD~1", mode: "hard" })).rejects.toMatchObject({
    code: "unpushed_work",
    message: expect.stringContaining("one commit") as string,
  });
  expect(await w.work.reset({ target: "HEAD~1", mode: "soft" })).toEqual({ head: base });
  expect(await w.changed()).toEqual(["modified - a.txt"]);
  await w.work.reset();
  expect(await w.changed()).toEqual(["- modified a.txt"]);
  await expect(w.work.reset({ mode: "hard" })).rejects.toMatchObject({ code: "uncommitted_work" });
  await w.work.reset({ mode: "hard", allowDestructive: true });
  expect(await w.changed()).toEqual([]);
});

test("a rebase puts the branch's own commits on top, waits at a conflict, goes on and can be given up", async () => {
  await using w = await openWorked(server, { files: { "a.txt": "1\n", "b.txt": "1\n" } });
  await w.sh(
    "git switch -qc up && echo up > a.txt && git commit -qam up && git switch -q - && echo b > b.txt && git commit -qam mine",
  );
  const { head } = await w.work.rebase({ onto: "up" });
  expect((await w.work.log({ from: "up" })).commits.map(({ hash, subject }) => [hash, subject])).toEqual([
    [head, "mine"],
  ]);
  await w.sh("git switch -qc fight HEAD~2 && echo fight > a.txt && git commit -qam fight");
  const before = await w.sh("git rev-parse HEAD");
  const conflict = {
    code: "merge_conflict",
    data: { files: ["a.txt"] },
    next: expect.stringContaining("rebase --continue") as string,
  };
  await expect(w.work.rebase({ onto: "up" })).rejects.toMatchObject(conflict);
  await expect(w.work.continueRebase()).rejects.toMatchObject(conflict);
  expect(await w.work.abortRebase()).toEqual({ head: before });
  await expect(w.work.abortRebase()).rejects.toMatchObject({ code: "no_operation" });
  await expect(w.work.rebase({ onto: "up" })).rejects.toMatchObject(conflict);
  await w.write({ "a.txt": "both\n" });
  await w.work.add({ paths: ["a.txt"] });
  await w.work.continueRebase();
  expect(await w.work.status()).toMatchObject({ branch: "fight", files: [] });
  await w.sh("git reset -q --hard " + before);
  await w.work.rebase({ onto: "up", prefer: "branch" });
  expect(await w.sh("cat a.txt")).toBe("fight");
});

test("a rebase of what others have, or over changes, is refused", async () => {
  await using w = await openWorked(server, { files: { "a.txt": "1\n" } });
  await w.work.createBranch({ branch: "up" });
  await w.sh("git commit -q --allow-empty -m mine");
  await w.work.push();
  await w.sh("git switch -q up && git commit -q --allow-empty -m up && git switch -q -");
  await expect(w.work.rebase({ onto: "up" })).rejects.toMatchObject({
    code: "unpushed_work",
    message: expect.stringContaining("remote already") as string,
  });
  await w.write({ "a.txt": "2\n" });
  await expect(w.work.rebase({ onto: "up", allowDestructive: true })).rejects.toMatchObject({
    code: "uncommitted_work",
  });
  await w.sh("git stash -q");
  await w.work.rebase({ onto: "up", allowDestructive: true });
});
