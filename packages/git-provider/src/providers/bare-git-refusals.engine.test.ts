import { existsSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failure, git, makePlace, resolve } from "../testing/bare-place.ts";

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
