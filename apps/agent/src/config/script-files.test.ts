import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Config } from "./config.ts";
import { createScriptFiles } from "./script-files.ts";

const GOOD = "#!/bin/sh\necho hello\n";

function setup(postStart: (directory: string) => string | string[] = () => []) {
  const home = mkdtempSync(join(tmpdir(), "ws-scripts-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const directory = join(home, "scripts");
  const get = (() => postStart(directory)) as unknown as Config["get"];
  return { home, directory, scripts: createScriptFiles(directory, { get }, {}) };
}

test("A script is written with its directory, for the worker's user alone, and read back with what it was", async () => {
  const { directory, scripts } = setup();
  const written = await scripts.write({ name: "lint.sh", content: GOOD });
  expect(await scripts.read("lint.sh")).toEqual(written);
  expect(written.content).toBe(GOOD);
  expect(statSync(join(directory, "lint.sh")).mode & 0o777).toBe(0o600);
});

test("What another has changed meanwhile, made or removed is not overwritten", async () => {
  const { directory, scripts } = setup();
  const { revision } = await scripts.write({ name: "a.sh", content: GOOD });
  await expect(scripts.write({ name: "a.sh", content: `${GOOD}# mine\n` })).rejects.toMatchObject({
    code: "file_exists",
  });
  writeFileSync(join(directory, "a.sh"), `${GOOD}# theirs\n`);
  const mine = { name: "a.sh", content: `${GOOD}# mine\n`, expect: revision };
  await expect(scripts.write(mine)).rejects.toMatchObject({ code: "file_changed" });
  expect(readFileSync(join(directory, "a.sh"), "utf8")).toContain("theirs");
  rmSync(join(directory, "a.sh"));
  await expect(scripts.write(mine)).rejects.toMatchObject({ code: "file_changed" });
});

test("Of those who write at one moment the first alone is told that it has, and its text stays", async () => {
  const { directory, scripts } = setup();
  const both = async (texts: readonly string[], expected?: string) =>
    (
      await Promise.allSettled(
        texts.map((text) => scripts.write({ name: "a.sh", content: GOOD + text, expect: expected })),
      )
    ).map((one) => (one.status === "fulfilled" ? "ok" : (one.reason as { code: string }).code));
  expect(await both(["# 1\n", "# 2\n"])).toEqual(["ok", "file_exists"]);
  const { revision } = await scripts.read("a.sh");
  expect(await both(["# 3\n", "# 4\n"], revision)).toEqual(["ok", "file_changed"]);
  expect(readFileSync(join(directory, "a.sh"), "utf8")).toBe(`${GOOD}# 3\n`);
});

test("What could not be run is refused with the reason, and nothing is left of it", async () => {
  const { scripts } = setup();
  for (const content of ["echo no\n", "#!/bin/sh\r\necho\r\n", `#!/bin/sh\n${"#".repeat(1024 * 1024)}`]) {
    await expect(scripts.write({ name: "a.sh", content })).rejects.toMatchObject({
      code: "invalid_input",
      data: { field: "content" },
    });
  }
  expect(await scripts.list()).toEqual([]);
});

test("No name and no link leads out of the directory (path traversal, CVE-2025-53110)", async () => {
  const { home, directory, scripts } = setup();
  mkdirSync(directory);
  writeFileSync(join(home, "profile"), "# of the user\n");
  symlinkSync(join(home, "profile"), join(directory, "link.sh"));
  for (const name of ["../profile", "a/b", "..", ".hidden", "", "a\0b", "/etc/passwd", "a\nb"]) {
    await expect(scripts.read(name)).rejects.toMatchObject({ code: "invalid_input", data: { field: "name" } });
    await expect(scripts.write({ name, content: GOOD })).rejects.toMatchObject({ code: "invalid_input" });
  }
  await expect(scripts.read("link.sh")).rejects.toMatchObject({ code: "not_a_regular_file" });
  await expect(scripts.write({ name: "link.sh", content: GOOD })).rejects.toMatchObject({ code: "not_a_regular_file" });
  mkdirSync(join(directory, "dir.sh"));
  await expect(scripts.read("dir.sh")).rejects.toMatchObject({ code: "not_a_regular_file" });
  expect(readFileSync(join(home, "profile"), "utf8")).toBe("# of the user\n");
});

test("Those that run come first, in their order, each with what is wrong with it, and then the others of the directory", async () => {
  const { home, directory, scripts } = setup((own) => [join(own, "b.sh"), join(own, "gone.sh"), "/bin/sh"]);
  mkdirSync(directory);
  for (const name of ["a.sh", "b.sh"]) writeFileSync(join(directory, name), GOOD);
  symlinkSync(join(home, "x"), join(directory, "link.sh"));
  expect(await scripts.list()).toEqual([
    { script: join(directory, "b.sh"), name: "b.sh", runs: true },
    { script: join(directory, "gone.sh"), name: "gone.sh", runs: true, problem: expect.stringContaining("no script") },
    { script: "/bin/sh", runs: true, problem: expect.any(String) },
    { script: join(directory, "a.sh"), name: "a.sh", runs: false },
  ]);
});

test("A script that is no text is not shown as one", async () => {
  const { directory, scripts } = setup();
  mkdirSync(directory);
  writeFileSync(join(directory, "a.sh"), Buffer.from([0x23, 0x21, 0xff, 0xfe]));
  await expect(scripts.read("a.sh")).rejects.toMatchObject({ code: "binary_file" });
  await expect(scripts.read("b.sh")).rejects.toMatchObject({ code: "file_not_found" });
});
