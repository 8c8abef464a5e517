import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tempDir } from "../testing/temp-dir.ts";
import { entriesOf, Vanished } from "./entries.ts";
import { undisturbed } from "./undisturbed.ts";

/** A worker's directory with a bare repository in which `commit` pushes. */
function repository() {
  const directory = tempDir();
  onTestFinished(() => directory[Symbol.dispose]());
  const bare = join(directory.path, "git", "tool.git");
  const git = (...argv: string[]): string =>
    execFileSync("git", ["-C", bare, "-c", "user.name=a", "-c", "user.email=a@b", ...argv], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  mkdirSync(bare, { recursive: true });
  execFileSync("git", ["init", "--quiet", "--bare", bare]);
  const tree = git("hash-object", "-t", "tree", "-w", "/dev/null");
  const commit = (message: string): string => {
    const id = git("commit-tree", tree, "-m", message);
    git("update-ref", `refs/heads/${message}`, id);
    return id;
  };
  const walk = () => entriesOf(directory.path, ["git"]);
  return { bare, git, commit, walk };
}

test("whatever is pushed while a repository is read, the objects of every ref that was read come with it", () => {
  const { git, commit, walk } = repository();
  commit("one");
  // One push before each entry.
  const paths: string[] = [];
  let pushed = 0;
  for (const { path } of walk()) {
    paths.push(path);
    if (pushed < 40) commit(`push-${(pushed += 1)}`);
  }
  const names = paths.flatMap((path) => /\/(refs\/heads\/.+)$/.exec(path)?.[1] ?? []);
  expect(names).toContain("refs/heads/one");
  for (const name of names) {
    const id = git("rev-parse", name);
    expect(paths).toContain(`git/tool.git/objects/${id.slice(0, 2)}/${id.slice(2)}`);
  }
});

test("a ref that git packs away while a repository is read comes with the packed ones", () => {
  const { git, commit, walk } = repository();
  commit("one");
  const entries = walk();
  const paths: string[] = [];
  for (const { path } of entries) {
    if (path.endsWith("/tool.git")) git("pack-refs", "--all");
    paths.push(path);
  }
  expect(paths).toContain("git/tool.git/packed-refs");
  expect(paths.indexOf("git/tool.git/packed-refs")).toBeGreaterThan(paths.indexOf("git/tool.git/refs"));
});

test("what a repack takes away after it was listed is told, never left out", () => {
  const { bare, walk } = repository();
  const pack = join(bare, "objects", "pack");
  for (const name of ["a.pack", "b.pack"]) writeFileSync(join(pack, name), "");
  expect(() => {
    for (const { path } of walk()) if (path.endsWith("a.pack")) rmSync(join(pack, "b.pack"));
  }).toThrow(Vanished);
});

test("locks and objects that are still being received are no part of a repository", () => {
  const { bare, walk } = repository();
  for (const name of ["refs/heads/main.lock", "packed-refs.lock", "objects/pack/tmp_pack_a", "objects/pack/.tmp-1-a"]) {
    writeFileSync(join(bare, name), "");
  }
  for (const name of ["incoming-a", "tmp_objdir-incoming-a"]) mkdirSync(join(bare, "objects", name));
  expect([...walk()].filter(({ path }) => /lock|tmp|incoming/.test(path))).toEqual([]);
});

test("what was disturbed is done anew, and given up with a sentence where it is disturbed each time", async () => {
  let tries = 0;
  const until = (whole: number) => async (): Promise<number> => {
    tries += 1;
    if (tries < whole) throw new Vanished("git/tool.git/objects/pack/a is not there any more");
    return tries;
  };
  expect(await undisturbed(until(3))).toBe(3);
  tries = 0;
  await expect(undisturbed(until(4))).rejects.toMatchObject({ code: "repository_busy" });
  tries = 0;
  await expect(undisturbed(() => Promise.reject(new RangeError()))).rejects.toThrow(RangeError);
});
