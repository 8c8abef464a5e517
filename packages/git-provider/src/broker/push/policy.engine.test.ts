import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GitServer, startGitServer } from "../../testing/git-server.ts";
import { BRANCH, ME, openGranted } from "../../testing/granted-place.ts";

const WORKFLOW = ".github/workflows/ci.yml";

let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test("a workspace clones, fetches and pushes its own branch with the worker's credential, and has none itself", async () => {
  await using place = await openGranted(server);
  await place.commit({ "b.txt": "b\n" });
  expect((await place.push(BRANCH)).code).toBe(0);
  expect(await place.repository.git("rev-parse", BRANCH)).toBe(await place.git("rev-parse", "HEAD"));
  await place.git("fetch", "origin");
  expect(place.said.join("\n")).not.toContain(place.token);
  await place.commit({ "c.txt": "c\n" });
  expect((await place.push(BRANCH)).code).toBe(0);
  expect((await place.push(BRANCH)).stderr).toContain("Everything up-to-date");
});

test.each([
  [
    "main",
    () => ["HEAD:refs/heads/main"],
    /! \[remote rejected\] HEAD -> main \(this workspace may only push to paral/,
  ],
  ["another's branch", () => [`HEAD:refs/heads/${BRANCH}2`], /may only push to parallax\/exec-1\/engineer\/fix\)/],
  ["a deletion of main", () => [":refs/heads/main"], /! \[remote rejected\] main \(this workspace may not delete\)/],
  ["a deletion of its own branch", () => [`:refs/heads/${BRANCH}`], /\(this workspace may not delete\)/],
  ["a tag", () => ["HEAD:refs/tags/v1"], /! \[remote rejected\] HEAD -> v1 \(this workspace may not push tags/],
  ["a review ref", () => ["HEAD:refs/for/main"], /may only push to/],
  ["a note", () => ["HEAD:refs/notes/commits"], /may only push to/],
  [
    "a ref outside refs/heads that ends like its branch",
    () => [`HEAD:refs/x/refs/heads/${BRANCH}`],
    /may only push to/,
  ],
  ["its own branch beside main", () => [`HEAD:refs/heads/${BRANCH}`, "HEAD:refs/heads/main"], /refused together with/],
])("a push of %s is refused in git's own words and nothing of it arrives", async (_, refspecs, reason) => {
  await using place = await openGranted(server);
  await place.commit({ "b.txt": "b\n" });
  await place.push(BRANCH);
  await place.commit({ "c.txt": "c\n" });
  const before = await place.repository.git("for-each-ref");
  const refused = await place.push(...refspecs());
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toMatch(reason);
  expect(refused.stderr).toMatch(/remote: Workspace refused the push of .*'ws credential grant'/);
  expect(await place.repository.git("for-each-ref")).toBe(before);
  await expect.poll(place.spooled).toEqual([]);
});

test("a push that rewrites the workspace's branch is refused, and taken where the grant allows it", async () => {
  await using place = await openGranted(server);
  await place.commit({ "b.txt": "b\n" });
  await place.push(BRANCH);
  const pushed = await place.repository.git("rev-parse", BRANCH);
  await place.git("reset", "-q", "--hard", "HEAD~1");
  await place.commit({ "b.txt": "other\n" });
  const refused = await place.push(`+HEAD:${BRANCH}`);
  expect(refused.stderr).toMatch(
    /! \[remote rejected\] HEAD -> \S+ \(non-fast-forward: this workspace may not rewrite/,
  );
  expect(await place.repository.git("rev-parse", BRANCH)).toBe(pushed);
  place.grant.force = true;
  expect((await place.push(`+HEAD:${BRANCH}`)).code).toBe(0);
  expect(await place.repository.git("rev-parse", BRANCH)).toBe(await place.git("rev-parse", "HEAD"));
});

test("going back to an earlier commit is a rewriting too, and going on from what somebody else pushed is none", async () => {
  await using place = await openGranted(server);
  await place.commit({ "b.txt": "b\n" });
  await place.push(BRANCH);
  expect((await place.push(`+HEAD~1:${BRANCH}`)).stderr).toContain("non-fast-forward");
  await place.git("checkout", "-q", "-b", "aside", "origin/side");
  await place.git(...ME, "merge", "-q", "--no-edit", `origin/${BRANCH}`);
  expect(await place.push(`HEAD:${BRANCH}`)).toMatchObject({ code: 0 });
  await place.git("checkout", "-q", "-b", "forward", "HEAD~1");
  expect((await place.push(`+HEAD:${BRANCH}`)).stderr).toContain("non-fast-forward");
});

test("a workflow file is refused with its name, wherever in the history it comes, and taken where the grant allows it", async () => {
  await using place = await openGranted(server);
  await place.commit({ [WORKFLOW]: "on: push\n" });
  await place.git("rm", "-q", WORKFLOW);
  await place.commit({ "b.txt": "b\n" });
  const refused = await place.push(BRANCH);
  expect(refused.stderr).toMatch(
    /\(this workspace may not change workflow files: \.github\/workflows\/ci\.yml in [0-9a-f]/,
  );
  place.grant.workflows = true;
  expect((await place.push(BRANCH)).code).toBe(0);
});

test("where a repository has workflow files, work beside them is taken, a change of one is not, and neither is one that comes by another name", async () => {
  await using place = await openGranted(server, { [WORKFLOW]: "on: push\n", "a.txt": "a\n" });
  await place.commit({ "b.txt": "b\n" });
  expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
  await place.commit({ "evil/workflows/ci.yml": "on: pull_request_target\n" });
  expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
  const smuggled = (await place.git("rev-parse", "HEAD:evil")).trim();
  await place.git("rm", "-q", "-r", ".github");
  await place.git("read-tree", "--prefix=.github", smuggled);
  await place.git(...ME, "commit", "-qm", "Move");
  expect((await place.push(BRANCH)).stderr).toMatch(/may not change workflow files: \.github\/workflows\/ci\.yml/);
});

test("a merge that brings the default branch's own change of a workflow file is no change of the workspace's", async () => {
  await using place = await openGranted(server, { [WORKFLOW]: "on: push\n" });
  await place.commit({ "b.txt": "b\n" });
  await place.push(BRANCH);
  await place.change("main", { [WORKFLOW]: "on: [push]\n" });
  await place.git("fetch", "-q", "origin");
  await place.git(...ME, "merge", "-q", "--no-edit", "origin/main");
  expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
  await writeFile(join(place.directory, WORKFLOW), "on: [push, workflow_dispatch]\n");
  await place.git(...ME, "commit", "-qam", "Change");
  expect((await place.push(BRANCH)).stderr).toContain("may not change workflow files");
});

test("a commit that goes back to an older state is judged by what the server has of it", async () => {
  await using place = await openGranted(server, { [WORKFLOW]: "on: push\n", "a.txt": "1\n" });
  await place.change("main", { "a.txt": "2\n" });
  await place.git("fetch", "-q", "origin");
  await place.git("reset", "-q", "--hard", "origin/main");
  await place.git(...ME, "revert", "--no-edit", "HEAD");
  expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
});

test("work on a state that the default branch has left behind is judged by that state", async () => {
  await using place = await openGranted(server, { [WORKFLOW]: "on: push\n" });
  await place.change("main", { [WORKFLOW]: "on: [push]\n" });
  await place.commit({ "b.txt": "b\n" });
  expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
});

test("a workflow file that only a pull request from elsewhere has is the workspace's doing where it takes it in", async () => {
  await using place = await openGranted(server, { [WORKFLOW]: "on: push\n" });
  await place.change("side", { [WORKFLOW]: "on: pull_request_target\n" });
  await place.repository.git("update-ref", "refs/pull/1/head", "side");
  await place.repository.git("update-ref", "-d", "refs/heads/side");
  expect(await place.push(`origin/main:refs/heads/${BRANCH}`)).toMatchObject({ code: 0 });
  await place.git("fetch", "-q", "origin", "refs/pull/1/head");
  expect((await place.push(`FETCH_HEAD:refs/heads/${BRANCH}`)).stderr).toContain("is of no branch of the repository");
  place.grant.tags = true;
  await place.git(...ME, "tag", "-a", "-m", "One", "v1", "FETCH_HEAD");
  expect((await place.push("v1")).stderr).toContain("is of no branch of the repository");
  await place.git(...ME, "merge", "-q", "--no-edit", "--no-ff", "FETCH_HEAD");
  expect((await place.push(BRANCH)).stderr).toContain("may not change workflow files: .github/workflows/ci.yml");
  await place.git("reset", "-q", "--hard", "FETCH_HEAD");
  await place.commit({ "b.txt": "b\n" });
  expect((await place.push(BRANCH)).stderr).toContain("may not change workflow files: .github/workflows/ci.yml");
});

test("a clone without history pushes by the same rules", async () => {
  await using place = await openGranted(server, { [WORKFLOW]: "on: push\n" });
  await place.change("main", { "a.txt": "2\n" });
  await place.git("fetch", "-q", "--depth=1", "origin", "main");
  await place.git("reset", "-q", "--hard", "FETCH_HEAD");
  await place.commit({ "b.txt": "b\n" });
  expect(await place.git("rev-list", "--count", "HEAD")).toBe("2\n");
  expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
  await place.commit({ [WORKFLOW]: "on: pull_request\n" });
  expect((await place.push(BRANCH)).stderr).toContain("may not change workflow files");
});

test.each(["nothing", "all"])(
  "with a cache of objects that holds %s of what a push builds on, it is judged the same, and what is held is not fetched",
  async (held) => {
    const objects = await mkdtemp(join(tmpdir(), "ws-broker-cache-"));
    await using place = await openGranted(server, { [WORKFLOW]: "on: push\n" }, { objects });
    const signal = new AbortController().signal;
    if (held === "all") {
      const prepared = await place.workspaceGit.prepare(
        { ...place.repository, name: "r" },
        { workspace: "ws-standin", signal },
      );
      await prepared?.ready(() => undefined);
    }
    await place.commit({ "b.txt": "b\n" });
    const before = server.requests.length;
    expect(await place.push(BRANCH)).toMatchObject({ code: 0 });
    const fetched = server.requests.slice(before).filter(({ url }) => url.endsWith("git-upload-pack"));
    expect(fetched.length > 0).toBe(held === "nothing");
    await place.git("checkout", "-q", "-b", "other", "origin/side");
    expect((await place.push(`+HEAD:${BRANCH}`)).stderr).toContain("(non-fast-forward");
    await rm(objects, { recursive: true });
  },
);

test("tags are pushed where the grant allows them, and moved only where it allows rewriting", async () => {
  await using place = await openGranted(server);
  place.grant.tags = true;
  await place.git(...ME, "tag", "-a", "-m", "One", "v1");
  expect(await place.push("v1")).toMatchObject({ code: 0 });
  await place.commit({ "b.txt": "b\n" });
  await place.git("tag", "-f", "v1");
  expect((await place.push("+v1")).stderr).toContain("(this workspace may not move a tag)");
});

test("the first push to an empty repository is judged like any other", async () => {
  await using place = await openGranted(server, {});
  await place.commit({ "a.txt": "a\n" });
  expect((await place.push("HEAD:refs/heads/main")).stderr).toContain("may only push to");
  expect(await place.push(`HEAD:refs/heads/${BRANCH}`)).toMatchObject({ code: 0 });
});

test("a repository with SHA-256 is pushed to by the same rules", async () => {
  await using place = await openGranted(server, undefined, { objectFormat: "sha256" });
  await place.commit({ "b.txt": "b\n" });
  expect(await place.push(`HEAD:refs/heads/${BRANCH}`)).toMatchObject({ code: 0 });
  await place.commit({ [WORKFLOW]: "on: push\n" });
  expect((await place.push(`HEAD:refs/heads/${BRANCH}`)).stderr).toContain("may not change workflow files");
});

test("a grant for reading lets a workspace fetch and refuses its pushes in words", async () => {
  await using place = await openGranted(server);
  place.grant.access = "read";
  await place.git("fetch", "origin");
  expect((await place.push("HEAD:x")).stderr).toContain("remote: Workspace may only read this repository.");
});

test("whatever the workspace sends as its own authorization does not go to a granted repository", async () => {
  await using place = await openGranted(server);
  const other = place.repository.url.replace("https://", "https://me:mine@");
  expect(await place.run("git", "ls-remote", other)).toMatchObject({ code: 0 });
});

test("what a workspace plants in its git configuration leads git away, and no authorization of the worker's with it", async () => {
  const seen: { authorization: string | undefined; url: string }[] = [];
  const capture = createServer((request, response) => {
    seen.push({ authorization: request.headers.authorization, url: request.url ?? "" });
    // It asks for whatever there is.
    response.writeHead(401, { "WWW-Authenticate": 'Basic realm="x"', "Proxy-Authenticate": 'Basic realm="x"' }).end();
  });
  capture.listen(0, "127.0.0.1");
  await once(capture, "listening");
  const away = `http://127.0.0.1:${(capture.address() as AddressInfo).port}/`;
  await using place = await openGranted(server, undefined, {
    helperScript: ({ capability }) => `#!/bin/sh\n# ${capability}\n`,
  });
  await place.commit({ "b.txt": "b\n" });
  const planted: (readonly string[])[] = [
    [`url.${away}.insteadOf`, server.origin],
    [`url.${away}.pushInsteadOf`, "https://"],
    ["http.proxy", away],
    ["remote.origin.pushurl", `${away}o/r`],
    ["credential.helper", `!f() { curl -s "${away}?$1=$(tr '\\n' '&')"; }; f`],
  ];
  for (const [name = "", value = ""] of planted) {
    const before = seen.length;
    await place.git("config", name, value);
    await place.push(`HEAD:${BRANCH}`);
    await place.run("git", "fetch", "origin");
    const isLedAway = name.startsWith("url.") || name.startsWith("remote.");
    expect(seen.length > before).toBe(isLedAway);
    await place.git("config", "--unset-all", name);
  }
  expect(seen.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  expect(JSON.stringify(seen)).not.toContain(place.token);
  expect((await place.push(BRANCH)).code).toBe(0);
  capture.close();
});

test("the profile 'agent' reaches its own repository and what it is granted, and no other one of the same server", async () => {
  await using place = await openGranted(server, {}, { profile: "agent" });
  await server.create("o/public");
  await place.git("ls-remote", "origin");
  const other = await place.run("git", "ls-remote", `${server.origin}/o/public.git`);
  expect(other.stderr).toMatch(/'agent' has only its own repository/);
});
