import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { tempDir } from "../testing/temp-dir.ts";
import { integrityOf } from "./integrity.ts";

function write(root: string, files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

const FILES = {
  "node_modules/hg/package.json": '{"name":"hg","dependencies":{"@far/deep":"1"},"peerDependencies":{"absent":"1"}}',
  "node_modules/hg/lib/index.js": "export default 1;",
  "node_modules/hg/node_modules/near/package.json": '{"name":"near"}',
  "node_modules/hg/node_modules/near/index.js": "1",
  "node_modules/@far/deep/package.json": '{"name":"@far/deep","dependencies":{"hg":"1","last":"1"}}',
  "node_modules/last/package.json": '{"name":"last"}',
  "node_modules/other/package.json": '{"name":"other"}',
};

test.each([
  ["one of its own", "node_modules/hg/lib/index.js"],
  ["of a package within it", "node_modules/hg/node_modules/near/index.js"],
  ["of what it depends on", "node_modules/@far/deep/package.json"],
  ["of what that depends on", "node_modules/last/index.js"],
  ["a new one", "node_modules/hg/lib/more.js"],
  ["a package beside the file that needs it", "node_modules/hg/lib/node_modules/@far/deep/index.js"],
  ["a package within it that has no description", "node_modules/hg/node_modules/@far/deep/index.js"],
  ["a file within it in the place of a package", "node_modules/hg/node_modules/last.js"],
])("a file that is another changes the hash of a package: %s", async (_, path) => {
  using home = tempDir();
  write(home.path, FILES);
  const hash = (): Promise<string> => integrityOf(join(home.path, "node_modules/hg"), home.path);
  const before = await hash();
  expect(before).toMatch(/^sha256-[0-9a-f]{64}$/);
  write(home.path, { [path]: '{"name":"changed","dependencies":{"hg":"1","last":"1"}}' });
  expect(await hash()).not.toBe(before);
});

test("what a package does not use does not count, nor where all of it lies", async () => {
  using home = tempDir();
  using elsewhere = tempDir();
  write(home.path, FILES);
  const before = await integrityOf(join(home.path, "node_modules/hg"), home.path);
  write(home.path, { "node_modules/other/index.js": "1" });
  expect(await integrityOf(join(home.path, "node_modules/hg"), home.path)).toBe(before);
  cpSync(home.path, elsewhere.path, { recursive: true });
  rmSync(join(home.path, "node_modules"), { recursive: true });
  expect(await integrityOf(join(elsewhere.path, "node_modules/hg"), elsewhere.path)).toBe(before);
});

test("a file that Node would take for what a package depends on has no hash", async () => {
  using home = tempDir();
  write(home.path, { ...FILES, "node_modules/last.js": "1" });
  await expect(integrityOf(join(home.path, "node_modules/hg"), home.path)).rejects.toThrow(/last\.js' would be taken/);
});

test("the commands that npm links count for nothing", async () => {
  using home = tempDir();
  write(home.path, FILES);
  const before = await integrityOf(join(home.path, "node_modules/hg"), home.path);
  mkdirSync(join(home.path, "node_modules/hg/node_modules/.bin"));
  symlinkSync("../near/index.js", join(home.path, "node_modules/hg/node_modules/.bin/near"));
  expect(await integrityOf(join(home.path, "node_modules/hg"), home.path)).toBe(before);
});

test("what leads out of a package by a link has no hash", async () => {
  using home = tempDir();
  write(home.path, FILES);
  symlinkSync("/etc/hostname", join(home.path, "node_modules/hg/lib/link.js"));
  await expect(integrityOf(join(home.path, "node_modules/hg"), home.path)).rejects.toThrow(/link\.js/);
});
