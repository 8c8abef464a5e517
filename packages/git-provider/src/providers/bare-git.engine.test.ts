import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { isWsError, type ProviderContext, type WsError } from "@ws/workspace-core";
import { createMemoryProjects, providerSuite } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";
import { createBareGitProvider } from "./bare-git.ts";
import type { Identity } from "./bare-repositories.ts";

const PATH = process.env["PATH"] ?? "";

async function git(cwd: string, ...argv: string[]): Promise<string> {
  const env = { PATH, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
  const identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.test"];
  const { stdout } = await promisify(execFile)("git", [...identity, ...argv], { cwd, env });
  return stdout.trim();
}

async function makePlace({ identity = (): Identity | undefined => ({ name: "Ada", email: "ada@example.test" }) } = {}) {
  const path = await realpath(await mkdtemp(join(tmpdir(), "ws-bare-")));
  const directory = join(path, "state");
  const root = join(path, "root");
  await mkdir(root);
  const projects = createMemoryProjects();
  const context: ProviderContext = { cwd: root, mayUseHost: false, mayCreate: true };
  return {
    path,
    directory,
    root,
    projects,
    context,
    provider: createBareGitProvider({
      projects,
      home: path,
      directory,
      roots: () => [root],
      workspaces: join(root, "workspaces"),
      identity,
      path: PATH,
    }),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}
type Place = Awaited<ReturnType<typeof makePlace>>;

async function failure(work: Promise<unknown>): Promise<WsError> {
  try {
    await work;
  } catch (error) {
    if (isWsError(error)) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
const resolve = async ({ provider, context }: Place, ref: string, more: Partial<ProviderContext> = {}) =>
  provider.resolveRef(ref, "git", { ...context, ...more });

providerSuite("#git", async () => {
  const place = await makePlace();
  await git(place.root, "init", "--quiet", "--bare", "there.git");
  place.projects.add({ name: "tool", workflowType: "git", bareRepoDir: join(place.root, "there.git") });
  return { ...place, ref: "tool", missing: "nothing", project: place.projects.get("tool") };
});

describe("#git resolves in four ways", () => {
  test("a registered project, with its repository and its directory", async () => {
    await using place = await makePlace();
    place.projects.add({
      name: "tool",
      bareRepoDir: "/srv/tool.git",
      workspaceDir: "/home/me/tool",
      defaultBranch: "trunk",
    });
    expect(await resolve(place, "tool")).toEqual({
      workflowType: "git",
      projectName: "tool",
      projectFile: "memory:tool",
      primaryWorkspaceDir: "/home/me/tool",
      cloneUrl: "https://git.ws.internal/tool.git",
      checkoutTarget: "trunk",
      allocates: true,
      extra: { bareRepoDir: "/srv/tool.git" },
    });
  });

  test("a change, found across projects", async () => {
    await using place = await makePlace();
    place.projects.add({ name: "other", bareRepoDir: "/srv/other.git" });
    place.projects.add({ name: "tool", bareRepoDir: "/srv/tool.git" });
    place.projects.changes.put({ name: "fix-login", project: "tool", branch: "me/fix-login" });
    expect(await resolve(place, "fix-login")).toMatchObject({ projectName: "tool", checkoutTarget: "me/fix-login" });
    place.projects.changes.put({ name: "fix-login", project: "other" });
    expect((await failure(resolve(place, "fix-login"))).code).toBe("reference_invalid");
    expect(await resolve(place, "other/fix-login")).toMatchObject({
      projectName: "other",
      checkoutTarget: "fix-login",
    });
  });

  test("a new name, which makes a repository with a first commit and registers it", async () => {
    await using place = await makePlace();
    const resolved = await resolve(place, "new_tool");
    expect(resolved).toMatchObject({ projectName: "new_tool", cloneUrl: "https://git.ws.internal/new_tool.git" });
    const bare = join(place.directory, "new_tool.git");
    expect(place.projects.get("new_tool")).toMatchObject({
      workflowType: "git",
      bareRepoDir: bare,
      defaultBranch: "main",
    });
    expect(await git(bare, "rev-list", "--count", "main")).toBe("1");
    expect(await git(bare, "show", "main:README.md")).toBe("# new_tool");
    expect(await git(bare, "fsck", "--strict")).toBe("");
    expect(await resolve(place, "new_tool")).toEqual(resolved);
    expect(await git(bare, "rev-list", "--count", "main")).toBe("1");
  });

  test("and only where something may be made", async () => {
    await using place = await makePlace();
    expect((await failure(resolve(place, "new_tool", { mayCreate: false }))).code).toBe("reference_not_found");
    expect(existsSync(place.directory)).toBe(false);
    expect(place.projects.list()).toEqual([]);
  });

  test("but never what ends like a path, nor without a word of a name that is nearly the same", async () => {
    await using place = await makePlace();
    const error = await failure(resolve(place, "tool.git"));
    expect([error.code, error.next]).toEqual(["reference_not_found", expect.stringContaining("#git:./tool.git")]);
    expect(existsSync(place.directory)).toBe(false);
    await resolve(place, "tool");
    expect(await resolve(place, "tool.git")).toMatchObject({ projectName: "tool" });
    expect(await failure(resolve(place, "tol", { mayCreate: false }))).toMatchObject({
      data: { reference: "tol", nearest: "tool" },
      next: expect.stringContaining("Did you mean 'tool'?") as string,
    });
  });

  test("ten first uses at once make one", async () => {
    await using place = await makePlace();
    const all = await Promise.all(Array.from({ length: 10 }, () => resolve(place, "tool")));
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(await readdir(place.directory)).toEqual(["tool.git"]);
    expect(await git(join(place.directory, "tool.git"), "rev-list", "--count", "main")).toBe("1");
  });

  test("a repository that it made is the same by its path, also below a link", async () => {
    await using place = await makePlace();
    await symlink(place.root, join(place.path, "linked"));
    const provider = createBareGitProvider({
      projects: place.projects,
      home: place.path,
      directory: join(place.path, "linked", "git"),
      roots: () => [],
      workspaces: join(place.path, "workspaces"),
      identity: () => undefined,
      path: PATH,
    });
    const made = await provider.resolveRef("tool", "git", place.context);
    for (const path of ["linked/git/tool.git", "root/git/tool.git"]) {
      expect(await provider.resolveRef(join(place.path, path), "git", place.context)).toEqual(made);
    }
  });

  test("a repository whose registration a crash cut off is registered by its next use", async () => {
    await using place = await makePlace();
    await resolve(place, "tool");
    place.projects.remove("tool");
    await resolve(place, "tool");
    expect(place.projects.get("tool").bareRepoDir).toBe(join(place.directory, "tool.git"));
  });

  test("the path of a bare repository, with the name of its last part", async () => {
    await using place = await makePlace();
    await git(place.root, "init", "--quiet", "--bare", "my.tool.git");
    expect(await resolve(place, "./my.tool.git", { mayCreate: false })).toMatchObject({ projectName: "my.tool" });
    expect(place.projects.list()).toEqual([]);
    expect(await resolve(place, join(place.root, "my.tool.git"))).toMatchObject({
      projectName: "my.tool",
      projectFile: "memory:my.tool",
    });
    await symlink(join(place.root, "my.tool.git"), join(place.root, "alias"));
    expect(await resolve(place, "./alias")).toMatchObject({ projectName: "my.tool" });
    expect(place.projects.list()).toHaveLength(1);
  });
});

describe("#git refuses", () => {
  test("repositories outside its directories, whether they exist or not, and links out of them (CVE-2025-53110)", async () => {
    await using place = await makePlace();
    await git(place.path, "init", "--quiet", "--bare", "secret.git");
    await git(place.path, "init", "--quiet", "--bare", "root-secrets.git");
    await symlink(join(place.path, "secret.git"), join(place.root, "link.git"));
    for (const ref of [
      "../secret.git",
      "/etc",
      "/nonexistent/x.git",
      "~/secret.git",
      "./link.git",
      "../root-secrets.git",
      ".",
      "./a/../../secret.git",
    ]) {
      expect([ref, (await failure(resolve(place, ref))).code]).toEqual([ref, "forbidden"]);
    }
    expect(place.projects.list()).toEqual([]);
  });

  test.each([
    ["./nothing.git", "reference_not_found"],
    ["./tree", "reference_invalid"],
    ["./plain", "reference_invalid"],
    ["-x", "reference_invalid"],
    ["a b", "reference_invalid"],
    ["../..", "forbidden"],
  ])("%j with %s", async (ref, code) => {
    await using place = await makePlace();
    await git(place.root, "init", "--quiet", "tree");
    await mkdir(join(place.root, "plain"));
    expect((await failure(resolve(place, ref))).code).toBe(code);
    expect(place.projects.list()).toEqual([]);
  });

  test("repositories that a workspace may write, below whichever root", async () => {
    await using place = await makePlace();
    const workspaces = join(place.root, "workspaces");
    await mkdir(workspaces);
    await git(workspaces, "init", "--quiet", "--bare", "own.git");
    await symlink(join(workspaces, "own.git"), join(place.root, "alias"));
    for (const ref of ["./workspaces/own.git", "./alias"]) {
      expect([ref, (await failure(resolve(place, ref))).code]).toEqual([ref, "forbidden"]);
    }
  });

  test.each([
    ["core.alternateRefsCommand", ["config", "core.alternateRefsCommand", "true"]],
    ["include.path", ["config", "include.path", "/etc/other"]],
    ["extensions.worktreeConfig", ["config", "extensions.worktreeConfig", "true"]],
    ["remote.origin.uploadpack", ["config", "remote.origin.uploadpack", "true"]],
    [".git", ["init", "--quiet", "--bare", ".git"]],
  ])("a repository that brings a %s of its own", async (key, argv) => {
    await using place = await makePlace();
    await git(place.root, "init", "--quiet", "--bare", "own.git");
    await git(join(place.root, "own.git"), ...argv);
    const { code, message } = await failure(resolve(place, "./own.git"));
    expect([code, message.toLowerCase()]).toEqual([
      "reference_invalid",
      expect.stringContaining(`'${key.toLowerCase()}'`),
    ]);
  });

  test("a name that differs from a project's by case only, before anything is made", async () => {
    await using place = await makePlace();
    place.projects.add({ name: "Tool", bareRepoDir: "/srv/tool.git" });
    expect((await failure(resolve(place, "tool"))).code).toBe("reference_invalid");
    expect(existsSync(place.directory)).toBe(false);
  });

  test("a name that another provider's project has", async () => {
    await using place = await makePlace();
    place.projects.add({ name: "app", workflowType: "gh", url: "https://github.com/org/app" });
    const error = await failure(resolve(place, "app"));
    expect([error.code, error.message]).toEqual(["reference_invalid", expect.stringContaining("#gh:app")]);
    expect(existsSync(place.directory)).toBe(false);
  });
});

describe("a change of a bare repository", () => {
  /** A project with a branch beside its main, each with a commit. */
  async function withChange(place: Place, files: { main?: string; fix: string }) {
    await resolve(place, "tool");
    const project = place.projects.get("tool");
    const bare = project.bareRepoDir ?? "";
    const work = join(place.path, "work");
    await git(place.path, "clone", "--quiet", bare, work);
    const commit = async (branch: string, text: string): Promise<void> => {
      await git(work, "checkout", "--quiet", "-B", branch, "origin/main");
      await writeFile(join(work, "file.txt"), text);
      await git(work, "add", "file.txt");
      await git(work, "commit", "--quiet", "-m", branch);
    };
    await commit("fix", files.fix);
    await git(work, "push", "--quiet", "origin", "fix");
    if (files.main !== undefined) {
      await commit("main", files.main);
      await git(work, "push", "--quiet", "origin", "main");
    }
    const change = place.projects.changes.put({ name: "fix", project: "tool", description: "Fix it\n\nBecause." });
    return { bare, of: { change, project } };
  }

  test("is merged with both as parents, once, however often it is submitted", async () => {
    await using place = await makePlace();
    const { bare, of } = await withChange(place, { fix: "fixed" });
    const submitted = await place.provider.submit(of);
    expect(submitted).toMatchObject({ done: "merged", target: "main" });
    expect(await git(bare, "log", "-1", "--format=%s %an %P", "main")).toBe(
      `Fix it Ada ${await git(bare, "rev-parse", "main^")} ${await git(bare, "rev-parse", "fix")}`,
    );
    expect(await git(bare, "show", "main:file.txt")).toBe("fixed");
    expect(await place.provider.submit(of)).toEqual(submitted);
  });

  test("is merged in the words that its project wants", async () => {
    await using place = await makePlace();
    const { bare, of } = await withChange(place, { fix: "fixed" });
    const project = { ...of.project, commit: { prefix: "[tool] ", tags: { Team: "core" } } };
    await place.provider.submit({ ...of, project });
    expect(await git(bare, "log", "-1", "--format=%B", "main")).toBe("[tool] Fix it\n\nBecause.\n\nTeam: core");
  });

  test("is pushed forward, and never over what came meanwhile", async () => {
    await using place = await makePlace();
    const { bare, of } = await withChange(place, { fix: "fixed" });
    expect(await place.provider.submit({ ...of, mode: "push" })).toMatchObject({ done: "pushed" });
    expect(await git(bare, "rev-parse", "main")).toBe(await git(bare, "rev-parse", "fix"));
    await using other = await makePlace();
    const moved = await withChange(other, { fix: "fixed", main: "other" });
    const before = await git(moved.bare, "rev-parse", "main");
    expect((await failure(Promise.resolve(other.provider.submit({ ...moved.of, mode: "push" })))).code).toBe(
      "submit_failed",
    );
    expect(await git(moved.bare, "rev-parse", "main")).toBe(before);
  });

  test("that conflicts is refused by its files, and nothing moves", async () => {
    await using place = await makePlace();
    const { bare, of } = await withChange(place, { fix: "one", main: "two" });
    const before = await git(bare, "rev-parse", "main");
    const error = await failure(Promise.resolve(place.provider.submit(of)));
    expect([error.code, error.message]).toEqual(["submit_failed", expect.stringContaining("file.txt")]);
    expect(await git(bare, "rev-parse", "main")).toBe(before);
  });

  test("needs its branch, and somebody whose commit the merge is", async () => {
    await using place = await makePlace({ identity: () => undefined });
    const { of } = await withChange(place, { fix: "fixed" });
    expect((await failure(Promise.resolve(place.provider.submit(of)))).code).toBe("identity_missing");
    const gone = { ...of, change: { ...of.change, branch: "--all" } };
    expect((await failure(Promise.resolve(place.provider.submit(gone)))).message).toContain("Branch not found");
    expect((await failure(Promise.resolve(place.provider.submit({ ...of, mode: "pull_request" })))).code).toBe(
      "submit_failed",
    );
  });

  test("runs nothing that its repository's own configuration names, and says which key it was", async () => {
    await using place = await makePlace();
    const { bare, of } = await withChange(place, { fix: "one", main: "two" });
    await git(bare, "config", "merge.evil.driver", `touch ${place.path}/ran; false`);
    await writeFile(join(bare, "info", "attributes"), "* merge=evil\n");
    const error = await failure(Promise.resolve(place.provider.submit(of)));
    expect(existsSync(join(place.path, "ran"))).toBe(false);
    expect([error.code, error.message]).toEqual(["submit_failed", expect.stringContaining("'merge.evil.driver'")]);
  });

  test("runs no hook of its repository", async () => {
    await using place = await makePlace();
    const { bare, of } = await withChange(place, { fix: "fixed" });
    for (const hook of ["reference-transaction", "update", "post-update"]) {
      await writeFile(join(bare, "hooks", hook), `#!/bin/sh\ntouch ${place.path}/ran-${hook}\n`, { mode: 0o755 });
    }
    await place.provider.submit(of);
    expect((await readdir(place.path)).filter((name) => name.startsWith("ran-"))).toEqual([]);
  });
});
