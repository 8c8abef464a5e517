import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GitWork } from "@ws/workspace-core";
import { HOSTILE_PATHS } from "@ws/workspace-core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGitServer, type GitServer } from "../testing/index.ts";
import { HOSTILE_REFS } from "../testing/hostile-refs.ts";
import { openWorked, type Worked } from "../testing/worked-repository.ts";

let server: GitServer;
let w: Worked;
beforeAll(async () => {
  server = await startGitServer();
  w = await openWorked(server, { files: { "a.txt": "1\n", ".env.x": "secret\n" } });
  await w.sh("git commit -q --allow-empty -m 'secret' && echo 2 > a.txt");
});
afterAll(async () => {
  await w[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const allowDestructive = true;
const TAKES_REF: readonly ((work: GitWork, ref: string) => Promise<unknown>)[] = [
  (work, ref) => work.log({ ref }),
  (work, from) => work.log({ from }),
  (work, from) => work.diff({ from }),
  (work, to) => work.diff({ from: "HEAD", to }),
  (work, ref) => work.show({ ref }),
  (work, ref) => work.blob({ ref, path: "a.txt" }),
  (work, from) => work.restore({ paths: ["a.txt"], from, allowDestructive }),
  (work, from) => work.createBranch({ branch: "new", from }),
  (work, branch) => work.createBranch({ branch }),
  (work, branch) => work.deleteBranch({ branch, allowDestructive }),
  (work, branch) => work.checkout({ branch, allowDestructive }),
  (work, branch) => work.checkout({ branch, create: true }),
  (work, from) => work.checkout({ branch: "new", create: true, from }),
  (work, branch) => work.checkout({ branch, detach: true, allowDestructive }),
  (work, onto) => work.rebase({ onto, allowDestructive }),
  (work, target) => work.reset({ target, mode: "hard", allowDestructive }),
  (work, branch) => work.pull({ branch, allowDirty: true }),
  (work, branch) => work.push({ branch }),
];

/** What is there, and who has looked at it. */
const state = () =>
  w.sh("git rev-parse HEAD && git for-each-ref && git status --porcelain && git stash list && cat a.txt && ls -A . ..");

describe("CVE-2025-68143, CVE-2026-27735: what is given as a branch, tag or commit is never an option, a range or a search", () => {
  test("there are at least forty of them, each once", () => {
    expect(new Set(HOSTILE_REFS).size).toBe(HOSTILE_REFS.length);
    expect(HOSTILE_REFS.length).toBeGreaterThanOrEqual(40);
  });

  test("no verb takes one, and nothing is done", async () => {
    const before = await state();
    for (const ref of HOSTILE_REFS) {
      for (const take of TAKES_REF) {
        const { code } = (await take(w.work, ref).then(
          () => ({}),
          (error: unknown) => error,
        )) as { code?: string };
        expect({ ref, verb: String(take), code }).toMatchObject({
          code: expect.stringMatching(/^(?:invalid_ref|ref_not_found|invalid_input)$/) as string,
        });
      }
    }
    expect(await state()).toBe(before);
  });

  test("what only looks like one is used as the name it is", async () => {
    await using other = await openWorked(server);
    for (const branch of ["a;b", "$(touch-pwn)", "`x`", "'quoted'", "a&b|c", "ünï", "a@b", "x{y}", "HEAD-x", "%00"]) {
      await other.work.createBranch({ branch });
      expect(await other.work.checkout({ branch })).toMatchObject({ branch });
      expect((await other.work.log({ ref: branch })).commits).toHaveLength(1);
    }
    expect(await readdir(other.directory)).toEqual([".git", "README.md"]);
  });
});

const TAKES_PATH: readonly ((work: GitWork, path: string) => Promise<unknown>)[] = [
  (work, path) => work.add({ paths: ["a.txt", path] }),
  (work, path) => work.unstage({ paths: [path] }),
  (work, path) => work.restore({ paths: [path], allowDestructive }),
  (work, path) => work.log({ path }),
  (work, path) => work.diff({ paths: [path] }),
  (work, path) => work.show({ paths: [path] }),
  (work, path) => work.blob({ path }),
  (work, path) => work.blob({ ref: "HEAD", path }),
];

describe("CVE-2025-68145, CVE-2025-53110: what is given as a path stays in the repository", () => {
  test("no verb takes one that leads out, and nothing is staged by the way", async () => {
    const before = await state();
    const refusals = { "leads-out": "path_traversal", "no-path": "invalid_input" } as const;
    let refused = 0;
    for (const { path, is } of HOSTILE_PATHS) {
      if (is !== "leads-out" && is !== "no-path") continue;
      refused += 1;
      for (const take of TAKES_PATH) {
        await expect(take(w.work, path)).rejects.toMatchObject({ code: refusals[is] });
      }
    }
    expect(refused).toBeGreaterThan(20);
    expect(await state()).toBe(before);
  });

  test("what only looks strange is a name that no file has", async () => {
    for (const { path, is } of HOSTILE_PATHS) {
      if (is !== "name" && is !== "protected") continue;
      await expect(w.work.blob({ ref: "HEAD", path })).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:file_not_found|not_a_regular_file)$/) as string,
      });
    }
    for (const path of ["--output=pwn", "-A", ":(glob)*", ":!a.txt", ":/", "*", "a.tx?"]) {
      await expect(w.work.add({ paths: [path] })).rejects.toMatchObject({ code: "file_not_found" });
      expect((await w.work.diff({ paths: [path] })).files).toEqual([]);
    }
  });
});

describe("what a repository brings with it", () => {
  test("CVE-2022-24765: looking runs no program of its configuration, and its output stays what it is", async () => {
    await using place = await openWorked(server, { files: { "a.txt": "1\n", "b.bin": "2\n" } });
    const canary = join(place.box.home, "canary");
    const run = `touch ${canary}; cat`;
    const settings = {
      "core.pager": run,
      "pager.log": run,
      "core.editor": run,
      "core.fsmonitor": run,
      "diff.external": run,
      "diff.evil.textconv": run,
      "diff.evil.command": run,
      "gpg.program": run,
      "log.showSignature": "true",
      "core.askPass": run,
      "core.sshCommand": run,
      "credential.helper": `!${run}`,
      "interactive.diffFilter": run,
      "sequence.editor": run,
      "uploadpack.packObjectsHook": run,
      "alias.status": `!${run}`,
      "alias.log": `!${run}`,
      "color.ui": "always",
      "diff.noprefix": "true",
      "diff.mnemonicPrefix": "true",
      "diff.submodule": "log",
      "diff.wordRegex": ".",
      "diff.colorMoved": "zebra",
      "diff.context": "0",
      "diff.orderFile": "a.txt",
      "diff.renames": "false",
      "diff.suppressBlankEmpty": "true",
      "diff.relative": "true",
      "log.date": "relative",
      "log.decorate": "short",
      "log.follow": "true",
      "log.mailmap": "true",
      "format.pretty": "oneline",
      "status.short": "true",
      "status.branch": "false",
      "status.showUntrackedFiles": "no",
      "status.relativePaths": "true",
      "core.quotePath": "false",
      "core.abbrev": "4",
      "i18n.logOutputEncoding": "UTF-16",
    };
    const hooks = await readdir(join(place.directory, ".git/hooks"));
    for (const name of [
      ...hooks.map((hook) => hook.replace(/\.sample$/, "")),
      "post-checkout",
      "post-index-change",
      "reference-transaction",
    ]) {
      await writeFile(join(place.directory, ".git/hooks", name), `#!/bin/sh\n${run}\n`, { mode: 0o755 });
    }
    await place.write({ "a.txt": "1\n\n2\n", "c.txt": "new\n" });
    const look = async () => ({
      status: await place.work.status(),
      log: await place.work.log({ path: "a.txt" }),
      diff: await place.work.diff(),
      show: await place.work.show(),
      blob: await place.work.blob({ ref: "HEAD", path: "a.txt" }),
      branches: await place.work.branches(),
      stashes: await place.work.stashes(),
    });
    const plain = await look();
    await place.write({ ".git/info/attributes": "* diff=evil\n" });
    for (const [key, value] of Object.entries(settings)) await place.sh(`git config ${key} '${value}'`);
    expect(await look()).toEqual(plain);
    expect(await readdir(place.box.home)).not.toContain("canary");
    // They do run for whoever does not take care.
    await place.sh("git diff > /dev/null 2>&1 || true");
    expect(await readdir(place.box.home)).toContain("canary");
  });

  test("CVE-2022-39253: a bare repository among the files, or in place of .git, is not taken for the repository", async () => {
    await using place = await openWorked(server);
    await mkdir(join(place.directory, "inner"));
    const canary = join(place.box.home, "canary");
    await place.sh(
      `git init -q --bare inner && git -C inner config core.fsmonitor 'touch ${canary}' && git -C inner config core.worktree ..`,
    );
    expect((await place.work.status()).files).toMatchObject([{ path: "inner/", worktree: "untracked" }]);
    await place.sh("rm -rf .git && mv inner/* . && rmdir inner");
    await expect(place.work.status()).rejects.toMatchObject({ code: "repository_not_found" });
    await expect(place.work.add({ paths: ["."] })).rejects.toMatchObject({ code: "repository_not_found" });
    expect(await readdir(place.box.home)).not.toContain("canary");
  });

  test("a message, a name and an author that look like options, fields or terminals are told as they are", async () => {
    await using place = await openWorked(server);
    await place.write({ x: "" });
    await place.work.add({ paths: ["x"] });
    const message = "--author=x\u001b]0;y\u0007\n\n%H%x00 \u202e\n\n-- \nlast";
    const { hash } = await place.work.commit({ message });
    const [commit] = (await place.work.log({ limit: 1 })).commits;
    expect(commit).toMatchObject({ hash, subject: "--author=x\u001b]0;y\u0007", body: "%H%x00 \u202e\n\n--\nlast" });
    await expect(place.work.commit({ message: "a\0b" })).rejects.toMatchObject({ code: "invalid_input" });
  });
});
