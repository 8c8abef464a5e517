import { existsSync } from "node:fs";
import { readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { providerSuite } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";
import { failure, git, makePlace, PATH, resolve } from "../testing/bare-place.ts";
import { createBareGitProvider } from "./bare-git.ts";

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
