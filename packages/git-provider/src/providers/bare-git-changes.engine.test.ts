import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failure, git, makePlace, type Place, resolve } from "../testing/bare-place.ts";

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
