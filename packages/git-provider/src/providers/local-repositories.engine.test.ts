import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Box, Log } from "@ws/workspace-core";
import { createMemoryProjects } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createGit } from "../git.ts";
import { runToEnd } from "../run-git.ts";
import { createGranting } from "../testing/granting.ts";
import { openStandInBox } from "../testing/stand-in-box.ts";
import { createBareGitProvider } from "./bare-git.ts";
import { createLocalGit } from "./local-git.ts";
import { createLocalRepositories } from "./local-repositories.ts";

const PATH = process.env["PATH"] ?? "";
const BRANCH = "parallax/exec-1/engineer/fix";
const ME = ["-c", "user.name=T", "-c", "user.email=t@example.test"];

async function open({ grants = true } = {}) {
  const directory = await mkdtemp(join(tmpdir(), "ws-local-git-"));
  const projects = createMemoryProjects();
  const provider = createBareGitProvider({
    projects,
    home: directory,
    directory: join(directory, "git"),
    roots: () => [],
    workspaces: join(directory, "workspaces"),
    identity: () => undefined,
    path: PATH,
  });
  const context = { mayUseHost: false, mayCreate: true };
  const { cloneUrl: url = "" } = (await provider.resolveRef("tool", "git", context)) ?? {};
  await provider.resolveRef("other", "git", context);
  const password = randomBytes(24).toString("base64url");
  const credentials = createGranting({ user: "workspace", password });
  if (grants) credentials.give({ url, branches: [BRANCH] });
  const said: string[] = [];
  const say = (message: string, fields?: object): void => void said.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: say, info: say, warn: say, error: say };
  const find = (name: string): string | undefined => projects.find(name)?.bareRepoDir;
  const git = createGit({
    log,
    credentials,
    local: createLocalRepositories({ find, password, path: PATH, log }),
    objects: join(directory, "objects"),
  });
  const box = await openStandInBox();
  const repository = { url, name: "tool", branch: BRANCH };
  await git.attach(box, { profile: "agent", repository });
  const local = createLocalGit({ path: PATH });
  return {
    box,
    directory,
    git,
    repository,
    said,
    password,
    bare: (...argv: string[]) => local.read(find("tool") ?? "", argv),
    clone: () => git.clone(box, repository, { group: "clone", report: () => undefined }),
    async [Symbol.asyncDispose]() {
      await box[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function run(box: Box, ...argv: string[]): ReturnType<typeof runToEnd> {
  const env = { LC_ALL: "C", GIT_TERMINAL_PROMPT: "0" };
  return runToEnd(box, ["git", ...ME, ...argv], { cwd: `${box.home}/tool`, env });
}

async function commit(box: Box, text: string | Uint8Array): Promise<void> {
  await writeFile(`${box.home}/tool/file`, text);
  await run(box, "add", "--all");
  await run(box, "commit", "-qm", "Work");
}

test("a workspace clones, fetches and pushes a repository of the worker, without a network or a secret", async () => {
  await using place = await open();
  const { box } = place;
  await place.clone();
  expect((await run(box, "config", "remote.origin.url")).stdout.trim()).toBe("https://git.ws.internal/tool.git");
  await commit(box, "one");
  expect(await run(box, "push", "origin", BRANCH)).toMatchObject({ code: 0 });
  expect(await place.bare("rev-parse", BRANCH)).toBe((await run(box, "rev-parse", "HEAD")).stdout.trim());
  expect(await run(box, "fetch", "origin")).toMatchObject({ code: 0 });
  expect(place.said.join("\n")).not.toContain(place.password);
  const found = await runToEnd(box, ["grep", "-rlF", "-e", place.password, box.home], { cwd: "/" });
  expect(found.stdout).toBe("");
});

test.each([
  ["main", "HEAD:refs/heads/main"],
  ["a tag", "HEAD:refs/tags/v1"],
  ["a deletion", ":refs/heads/main"],
  ["a rewriting", `+HEAD~1:refs/heads/${BRANCH}`],
])("and what it may push is judged as at any forge: %s is refused, and nothing moves", async (_what, refspec) => {
  await using place = await open();
  const { box } = place;
  await place.clone();
  await commit(box, "one");
  await run(box, "push", "origin", BRANCH);
  await commit(box, "two");
  await run(box, "push", "origin", BRANCH);
  const before = await place.bare("for-each-ref");
  const refused = await run(box, "push", "origin", refspec);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain("Workspace refused the push");
  expect(await place.bare("for-each-ref")).toBe(before);
});

test("without a grant there is nothing for it, neither its own nor another's", async () => {
  await using place = await open({ grants: false });
  await expect(place.clone()).rejects.toMatchObject({ code: "authentication_failed" });
  await using granted = await open();
  await granted.clone();
  const other = await run(granted.box, "ls-remote", "https://git.ws.internal/other.git");
  expect(other.code).not.toBe(0);
});

test.each([
  "https://git.ws.internal/../etc.git",
  "https://git.ws.internal/%2e%2e.git",
  "https://git.ws.internal:444/tool.git",
])("%s leads nowhere", async (url) => {
  await using place = await open();
  await place.clone();
  expect((await run(place.box, "ls-remote", url)).code).not.toBe(0);
});

test("nothing that a repository's own configuration names runs where it is served, and the key is told", async () => {
  await using place = await open();
  await place.clone();
  await place.bare("config", "core.alternateRefsCommand", `touch ${place.directory}/ran; :`);
  const other = join(place.directory, "git", "other.git", "objects");
  await writeFile(join(place.directory, "git", "tool.git", "objects", "info", "alternates"), `${other}\n`);
  await commit(place.box, "one");
  const refused = await run(place.box, "push", "origin", BRANCH);
  expect(await readdir(place.directory)).not.toContain("ran");
  expect(refused.stderr).toContain("'core.alternaterefscommand'");
});

test("a push of many megabytes passes whole", async () => {
  await using place = await open();
  await place.clone();
  await commit(place.box, randomBytes(24 * 1024 * 1024));
  expect(await run(place.box, "push", "origin", BRANCH)).toMatchObject({ code: 0 });
  expect(await place.bare("fsck", "--strict", "--no-dangling")).toBe("");
  expect(await place.bare("cat-file", "-s", `${BRANCH}:file`)).toBe(String(24 * 1024 * 1024));
});
