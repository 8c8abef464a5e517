import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { type Box, isWsError, type Progress, type Repository, type WsError } from "@ws/workspace-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clone } from "./clone.ts";
import { type GitServer, startGitServer } from "../testing/git-server.ts";
import { openStandInBox } from "../testing/stand-in-box.ts";

let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
  await server.create("o/plain", { files: { "a.txt": "a\n", "b/c.txt": "c\n" }, branches: ["release/1.0"] });
  await server.create("o/empty", { files: {} });
  await server.create("o/private", { auth: { user: "me", password: crypto.randomUUID() } });
});
afterAll(() => server[Symbol.asyncDispose]());

test("a repository is cloned with its default branch, and progress is told", async () => {
  await using box = await openStandInBox();
  const told: Progress[] = [];
  const cloned = await cloneInto(box, { name: "plain" }, (progress) => told.push(progress));
  expect(cloned).toMatchObject({ branch: "main" });
  expect(await readFile(`${box.home}/plain/b/c.txt`, "utf8")).toBe("c\n");
  expect(await gitIn(box, "plain", "config", "remote.origin.url")).toBe(`${server.origin}/o/plain.git`);
  expect(told).toContainEqual(expect.objectContaining({ message: expect.stringMatching(/^Receiving/), percent: 100 }));
});

test("a branch that the remote has is checked out and follows it", async () => {
  await using box = await openStandInBox();
  expect(await cloneInto(box, { name: "plain", branch: "release/1.0" })).toMatchObject({ branch: "release/1.0" });
  expect(await gitIn(box, "plain", "rev-parse", "--abbrev-ref", "@{upstream}")).toBe("origin/release/1.0");
});

test("a branch that the remote lacks is made from its base, or from the default branch", async () => {
  await using box = await openStandInBox();
  await cloneInto(box, { name: "plain", branch: "parallax/x", baseBranch: "release/1.0" });
  expect(await gitIn(box, "plain", "log", "-1", "--format=%s")).toBe("Add release-1.0.txt");
  await using other = await openStandInBox();
  expect(await cloneInto(other, { name: "plain", branch: "new" })).toMatchObject({ branch: "new" });
  expect(await gitIn(other, "plain", "log", "-1", "--format=%s")).toBe("Add a.txt, b/c.txt");
});

test("an empty repository is cloned, with or without a branch to be born", async () => {
  await using box = await openStandInBox();
  expect(await cloneInto(box, { name: "empty" })).toMatchObject({ branch: "main" });
  await using other = await openStandInBox();
  expect(await cloneInto(other, { name: "empty", branch: "first" })).toMatchObject({ branch: "first" });
});

test("a base that does not exist is branch_not_found, in the words of the message too, and leaves nothing", async () => {
  await using box = await openStandInBox();
  const failure = await failureOf(cloneInto(box, { name: "plain", branch: "x", baseBranch: "nowhere" }));
  expect(failure).toMatchObject({ code: "branch_not_found", data: { branch: "nowhere" } });
  expect(failure.message).toContain("Branch not found");
  expect(await readdir(box.home)).not.toContain("plain");
});

test("a missing repository is repository_not_found", async () => {
  await using box = await openStandInBox();
  const failure = await failureOf(cloneInto(box, { name: "absent" }));
  expect(failure).toMatchObject({ code: "repository_not_found" });
  expect(failure.message).toContain("Repository not found");
});

test("a repository that asks for credentials is authentication_failed and nobody is prompted", async () => {
  await using box = await openStandInBox();
  const failure = await failureOf(cloneInto(box, { name: "private" }));
  expect(failure).toMatchObject({ code: "authentication_failed", next: expect.stringContaining("ws credential set") });
  expect(failure.message).toContain("Authentication failed");
});

test.each([
  ["nobody listens", "https://127.0.0.1:1/o/r.git"],
  ["the name does not resolve", "https://git.invalid/o/r.git"],
])("where %s it is repository_unreachable", async (_, url) => {
  await using box = await openStandInBox();
  expect(await failureOf(cloneInto(box, { url, name: "r" }))).toMatchObject({ code: "repository_unreachable" });
});

test("a certificate that nobody vouches for is repository_unreachable", async () => {
  await using box = await openStandInBox();
  const failed = clone(box, repository({ name: "plain" }), {
    group: "clone",
    report: () => undefined,
    forwarded: false,
  });
  expect(await failureOf(failed)).toMatchObject({ code: "repository_unreachable" });
});

test("CVE-2025-68143: a branch name that git would take for an option is refused before anything runs", async () => {
  await using box = await openStandInBox();
  for (const branch of ["--upload-pack=touch", "-x", "a..b", "a b", "a\nb", "HEAD", "@{-1}", "a.lock", "/a", "a//b"]) {
    const failure = await failureOf(cloneInto(box, { name: "plain", branch }));
    expect(failure).toMatchObject({ code: "invalid_input", data: { field: "branch" } });
  }
  expect(await readdir(box.home)).toEqual([]);
});

test("an attempt that was cut off is repeated: what it left is cleared", async () => {
  await using box = await openStandInBox();
  await mkdir(`${box.home}/.local/state/ws/cloning-plain`, { recursive: true });
  await mkdir(`${box.home}/plain/.git/objects`, { recursive: true });
  await writeFile(`${box.home}/plain/half`, "half");
  expect(await cloneInto(box, { name: "plain" })).toMatchObject({ branch: "main" });
  expect(await readdir(`${box.home}/plain`)).toEqual([".git", "a.txt", "b"]);
  expect(await readdir(`${box.home}/.local/state/ws`)).toEqual([]);
});

test("a clone that was finished is found again and left as it is", async () => {
  await using box = await openStandInBox();
  await cloneInto(box, { name: "plain", branch: "mine" });
  await writeFile(`${box.home}/plain/a.txt`, "work");
  expect(await cloneInto(box, { name: "plain", branch: "mine" })).toMatchObject({ branch: "mine" });
  expect(await readFile(`${box.home}/plain/a.txt`, "utf8")).toBe("work");
});

test("a directory with somebody's files is not touched", async () => {
  await using box = await openStandInBox();
  await mkdir(`${box.home}/plain`);
  await writeFile(`${box.home}/plain/thesis.txt`, "mine");
  expect(await failureOf(cloneInto(box, { name: "plain" }))).toMatchObject({ code: "clone_failed" });
  expect(await readFile(`${box.home}/plain/thesis.txt`, "utf8")).toBe("mine");
});

test("an abort ends git and leaves an empty directory at most", async () => {
  await using box = await openStandInBox();
  const abort = new AbortController();
  server.intercept("/o/stalled.git", () => abort.abort());
  const options = { group: "clone", report: () => undefined, forwarded: false, signal: abort.signal, env: trusting() };
  expect(await failureOf(clone(box, repository({ name: "stalled" }), options))).toMatchObject({ code: "aborted" });
  expect(await readdir(`${box.home}/stalled`).catch(() => [])).toEqual([]);
});

function repository(part: Partial<Repository> & { name: string }): Repository {
  return { url: `${server.origin}/o/${part.name}.git`, ...part };
}

const trusting = (): Record<string, string> => ({ GIT_SSL_CAINFO: server.caFile });

function cloneInto(
  box: Box,
  part: Partial<Repository> & { name: string },
  report: (progress: Progress) => void = () => undefined,
): Promise<{ branch: string }> {
  return clone(box, repository(part), { group: "clone", report, forwarded: false, env: trusting() });
}

async function gitIn(box: Box, name: string, ...argv: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("git", ["-C", `${box.home}/${name}`, ...argv]);
  return stdout.trim();
}

async function failureOf(promise: Promise<unknown>): Promise<WsError> {
  const error: unknown = await promise.then(
    () => new Error("It succeeded."),
    (reason: unknown) => reason,
  );
  if (isWsError(error)) return error;
  throw error;
}
