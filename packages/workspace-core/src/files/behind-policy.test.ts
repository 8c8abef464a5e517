import { describe, expect, test } from "vitest";
import type { ConfinedFiles } from "../confined.ts";
import { createPolicy } from "../policy/policy.ts";
import type { PolicyRules } from "../policy/rules.ts";
import { HOSTILE_PATHS } from "../testing/hostile-paths.ts";
import { createFileTree } from "../testing/file-tree.ts";
import { behindPolicy } from "./behind-policy.ts";

function behind(rules: PolicyRules, given: Record<string, string>, links: Record<string, string> = {}) {
  const tree = createFileTree(given);
  for (const [path, target] of Object.entries(links)) tree.link(path, target);
  return { tree, files: behindPolicy(tree.files, createPolicy([{ of: "workspace", name: "demo", rules }])) };
}

const bytes = new TextEncoder().encode("new");
const EVERY: [string, (files: ConfinedFiles, path: string) => Promise<unknown>][] = [
  ["stat", (files, path) => files.stat(path, { follow: true })],
  ["list", (files, path) => files.list(path)],
  ["read", (files, path) => files.read(path)],
  ["write", (files, path) => files.write(path, bytes, { parents: true })],
  ["mkdir", (files, path) => files.mkdir(path)],
  ["move away", (files, path) => files.rename(path, "elsewhere", { replace: true })],
  ["move there", (files, path) => files.rename("free", path, { replace: true })],
  ["remove", (files, path) => files.remove(path, { recursive: true })],
];

describe.each(EVERY)("%s", (_what, work) => {
  test("does nothing with what is hidden, by its name or through a link to it", async () => {
    const { tree, files } = behind({ hiddenPaths: ["private"] }, { "private/x": "1", free: "2" }, { way: "private" });
    const before = tree.texts();
    for (const path of ["private", "private/x", "private/new", "./private//x"]) {
      await expect(work(files, path)).rejects.toMatchObject({
        code: "path_not_allowed",
        data: { rule: "hiddenPaths" },
      });
    }
    // Whether something is there at all is told through a link that somebody made.
    for (const path of ["way/x", "way/new"]) {
      expect(await codeOf(work(files, path))).toMatch(
        /^(?:path_not_allowed|file_not_found|not_a_directory|not_a_regular_file)$/,
      );
    }
    expect(tree.texts()).toEqual(before);
  });

  test("does nothing with a path that leads out, whichever way (CVE-2025-53109, CVE-2025-53110)", async () => {
    const { tree, files } = behind({}, { free: "1" }, { out: "/etc", up: "..", deep: "../../../etc/passwd" });
    const before = tree.texts();
    const hostile = HOSTILE_PATHS.filter(({ is }) => is === "leads-out").map(({ path }) => path);
    for (const path of [...hostile, "out/passwd", "up/x", "out/new"]) {
      expect([path, await codeOf(work(files, path))]).toEqual([path, "path_traversal"]);
    }
    expect(tree.texts()).toEqual(before);
  });
});

test("what is hidden is in no listing; what only leads to something allowed is", async () => {
  const { files } = behind(
    { allowedPaths: ["src/api", "*.md"], hiddenPaths: ["**/secret"] },
    { "src/api/x": "", "src/api/secret": "", "src/web/x": "", "docs/x": "", "a.md": "" },
  );
  const names = async (path: string) => (await files.list(path)).entries.map(({ name }) => name);
  expect([await names(""), await names("src"), await names("src/api")]).toEqual([["a.md", "src"], ["api"], ["x"]]);
});

test("a secret is read neither by its name nor through a link, and a link of its name leads nowhere else", async () => {
  const { files } = behind({}, { "app/.env": "K=1", plain: "x" }, { innocent: "app/.env", ".npmrc": "plain" });
  for (const path of ["app/.env", "innocent", ".npmrc"]) {
    await expect(files.read(path)).rejects.toMatchObject({
      code: "path_not_allowed",
      data: { rule: "sensitivePaths" },
    });
  }
});

test("a directory that holds secrets can be moved and removed with them, but not so that they lose their name", async () => {
  const { tree, files } = behind(
    {},
    { "node_modules/tls/key.pem": "k", "home/.aws/credentials": "c", "lib/.git/config": "g" },
  );
  await files.rename("node_modules", "old");
  await files.remove("lib", { recursive: true });
  await expect(files.rename("home/.aws", "home/aws")).rejects.toMatchObject({ code: "path_not_allowed" });
  await files.rename("home", "house");
  expect(Object.keys(tree.texts())).toEqual(["house/.aws/credentials", "old/tls/key.pem"]);
});

test("a directory is neither moved nor removed where something below it must not be changed", async () => {
  const { tree, files } = behind({ hiddenPaths: ["**/keep"] }, { "a/b/keep": "1", "a/x": "2" });
  for (const work of [files.remove("a", { recursive: true }), files.rename("a", "b")]) {
    await expect(work).rejects.toMatchObject({ code: "path_not_allowed", data: { path: "a/b/keep" } });
  }
  expect(Object.keys(tree.texts())).toEqual(["a/b/keep", "a/x"]);
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "ok";
  } catch (error) {
    return (error as { code: string }).code;
  }
}
