import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { readdir, rename, symlink, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ByteSource } from "@ws/workspace-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createContainedFiles } from "./contained-files.ts";
import { createLocate } from "./contained-path.ts";

let base: string;
let root: string;
const linux = process.platform === "linux";

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "ws-files-"));
  root = join(base, "ws-alpha");
  mkdirSync(join(root, "sub/deeper"), { recursive: true });
  mkdirSync(join(base, "ws-alpha-secrets"));
  mkdirSync(join(base, "private-tmp"));
  writeFileSync(join(root, "a.txt"), "inside");
  writeFileSync(join(base, "secret.txt"), "outside");
  writeFileSync(join(base, "ws-alpha-secrets/secret.txt"), "outside");
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const files = () =>
  createContainedFiles(
    createLocate([
      { inside: root, outside: root },
      { inside: "/scratch", outside: join(base, "private-tmp") },
    ]),
  );

async function textOf(source: ByteSource): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts).toString();
}
const codeOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: { code: string }) => error.code,
  );
const bytes = (text: string) => new TextEncoder().encode(text);

describe("what stays inside", () => {
  test("a path with '..' and a link that both stay inside are followed", async () => {
    symlinkSync("../a.txt", join(root, "sub/relative"));
    symlinkSync(join(root, "sub"), join(root, "absolute"));
    expect(await textOf(files().read(join(root, "sub/../a.txt")))).toBe("inside");
    expect(await textOf(files().read(`${root}/../ws-alpha/a.txt`))).toBe("inside");
    expect(await textOf(files().read(join(root, "absolute/relative")))).toBe("inside");
    expect((await files().stat(join(root, "absolute"))).type).toBe("symlink");
    expect((await files().list(join(root, "absolute"))).map(({ name }) => name)).toEqual(["deeper", "relative"]);
  });

  test("a directory with another name inside is reached by the name its processes use", async () => {
    writeFileSync(join(base, "private-tmp/t"), "temporary");
    symlinkSync("/scratch/t", join(root, "to-scratch"));
    expect(await textOf(files().read("/scratch/t"))).toBe("temporary");
    expect(await textOf(files().read(join(root, "to-scratch")))).toBe("temporary");
  });

  test("a mount below another is reached through it, and the outer one's own directories stay reachable", async () => {
    const nested = createContainedFiles(
      createLocate([
        { inside: "/tmp", outside: join(base, "private-tmp") },
        { inside: "/tmp/x/ws", outside: root },
      ]),
    );
    mkdirSync(join(base, "private-tmp/x/other"), { recursive: true });
    writeFileSync(join(base, "private-tmp/x/other/t"), "temporary");
    for (const path of ["/tmp/x/ws/a.txt", "/tmp/x/other/../ws/a.txt", "/tmp/x/ws/../ws/sub/../a.txt"]) {
      expect([path, await textOf(nested.read(path))]).toEqual([path, "inside"]);
    }
    for (const path of ["/tmp/x/other/t", "/tmp/x/ws/../other/t", "/tmp/x/../x/other/t"]) {
      expect([path, await textOf(nested.read(path))]).toEqual([path, "temporary"]);
    }
    await expect(textOf(nested.read("/tmp/x/ws/../../../etc/passwd"))).rejects.toMatchObject({
      code: "permission_denied",
    });
  });

  test("ranges, empty files and offsets behind the end give just the bytes there are", async () => {
    writeFileSync(join(root, "digits"), "0123456789");
    writeFileSync(join(root, "empty"), "");
    expect(await textOf(files().read(join(root, "digits"), { offset: 3, length: 4 }))).toBe("3456");
    expect(await textOf(files().read(join(root, "digits"), { offset: 8, length: 40 }))).toBe("89");
    expect(await textOf(files().read(join(root, "digits"), { offset: 40 }))).toBe("");
    expect(await textOf(files().read(join(root, "empty")))).toBe("");
  });

  test("a write keeps the mode, or sets the one that is asked for, and leaves nothing beside the file", async () => {
    const script = join(root, "script.sh");
    await files().write(script, bytes("one"), { mode: 0o755 });
    await files().write(script, bytes("two"));
    expect(statSync(script).mode & 0o7777).toBe(0o755);
    expect(readFileSync(script, "utf8")).toBe("two");
    expect(await readdir(root)).toEqual(expect.not.arrayContaining([expect.stringMatching(/^\.ws-/)]));
  });

  test("a write that is aborted or whose source fails leaves the old content and no temporary file", async () => {
    const abort = new AbortController();
    async function* source(): ByteSource {
      yield bytes("new");
      abort.abort();
      yield bytes("er");
    }
    await expect(files().write(join(root, "a.txt"), source(), { signal: abort.signal })).rejects.toMatchObject({
      code: "aborted",
    });
    async function* broken(): ByteSource {
      yield bytes("new");
      throw new Error("source broke");
    }
    await expect(files().write(join(root, "a.txt"), broken())).rejects.toThrow("source broke");
    expect(readFileSync(join(root, "a.txt"), "utf8")).toBe("inside");
    expect((await readdir(root)).sort()).toEqual(["a.txt", "sub"]);
  });

  test("writing one name of a hard-linked file leaves the other name's content alone", async () => {
    linkSync(join(base, "secret.txt"), join(root, "hard"));
    await files().write(join(root, "hard"), bytes("changed"));
    expect(readFileSync(join(base, "secret.txt"), "utf8")).toBe("outside");
    expect(readFileSync(join(root, "hard"), "utf8")).toBe("changed");
  });

  test("mkdir makes parents and takes what exists, rename moves, remove takes directories and what is absent", async () => {
    await files().mkdir(join(root, "x/y/z"));
    await files().mkdir(join(root, "x/y/z"));
    await files().rename(join(root, "x/y"), join(root, "moved"));
    expect((await files().list(join(root, "moved"))).map(({ name, type }) => [name, type])).toEqual([
      ["z", "directory"],
    ]);
    await files().remove(join(root, "moved"));
    await files().remove(join(root, "moved"));
    await files().remove(join(root, "moved/deeper"));
    await expect(files().stat(join(root, "moved"))).rejects.toMatchObject({ code: "file_not_found" });
    await expect(files().mkdir(join(root, "a.txt"))).rejects.toMatchObject({ code: "not_a_directory" });
    await expect(files().stat(join(root, "a.txt/b"))).rejects.toMatchObject({ code: "not_a_directory" });
  });
});

describe("what leads outside", () => {
  test("no traversal, sibling prefix or link reaches outside, by any operation (CVE-2025-53110)", async () => {
    symlinkSync(base, join(root, "up"));
    symlinkSync("../secret.txt", join(root, "leak"));
    symlinkSync("/etc", join(root, "etc"));
    symlinkSync("loop", join(root, "loop"));
    const corpus = [
      "/etc/passwd",
      `${base}/secret.txt`,
      `${root}-secrets/secret.txt`,
      `${root}/../secret.txt`,
      `${root}/../ws-alpha-secrets/secret.txt`,
      `${root}/sub/../../secret.txt`,
      `${root}/sub/deeper/../../../secret.txt`,
      `${root}//..//secret.txt`,
      `${root}/./../secret.txt`,
      `${root}/up/secret.txt`,
      `${root}/up/ws-alpha-secrets/secret.txt`,
      `${root}/sub/../up/secret.txt`,
      `${root}/etc/passwd`,
      `${root}/loop/x`,
      "/scratch/../etc/passwd",
      "/scratch/../../../etc/passwd",
      "/proc/self/environ",
      "/",
      base,
      `${root}/..`,
    ];
    for (const path of corpus) {
      const codes = await Promise.all([
        codeOf(textOf(files().read(path))),
        codeOf(files().list(path)),
        codeOf(files().stat(path)),
        codeOf(files().write(path, bytes("pwned"))),
        codeOf(files().mkdir(`${path}/new`)),
        codeOf(files().rename(join(root, "a.txt"), path)),
        codeOf(files().remove(path)),
      ]);
      expect({ path, codes: [...new Set(codes)] }).toEqual({ path, codes: ["permission_denied"] });
    }
    expect(await codeOf(textOf(files().read(join(root, "leak"))))).toBe("permission_denied");
    await files().write(join(root, "leak"), bytes("replaced"));
    expect(readFileSync(join(root, "leak"), "utf8")).toBe("replaced");
    expect(readFileSync(join(base, "secret.txt"), "utf8")).toBe("outside");
    expect(readFileSync(join(root, "a.txt"), "utf8")).toBe("inside");
  });

  test("relative paths and NUL bytes are no paths", async () => {
    for (const path of ["a.txt", "", "../x", "~/x", `${root}/a.txt\0.png`, "\0"]) {
      expect([path, await codeOf(files().stat(path))]).toEqual([path, "invalid_input"]);
    }
  });

  test("the workspace's own directories are neither renamed nor removed", async () => {
    for (const path of [root, `${root}/`, `${root}/sub/..`, "/scratch"]) {
      await expect(files().remove(path)).rejects.toMatchObject({ code: "invalid_input" });
      await expect(files().rename(path, join(root, "x"))).rejects.toMatchObject({ code: "invalid_input" });
    }
    expect((await files().stat(root)).type).toBe("directory");
  });

  test("removing a directory removes the links in it and not where they lead", async () => {
    mkdirSync(join(root, "trap"));
    symlinkSync(base, join(root, "trap/up"));
    symlinkSync("/etc", join(root, "trap/etc"));
    await files().remove(join(root, "trap"));
    expect(readFileSync(join(base, "secret.txt"), "utf8")).toBe("outside");
  });

  test.runIf(linux)("a FIFO, a socket and a directory are refused at once, never waited for", async () => {
    execFileSync("/bin/sh", ["-c", `mkfifo "$1"`, "sh", join(root, "fifo")]);
    for (const name of ["fifo", "sub"]) {
      await expect(textOf(files().read(join(root, name)))).rejects.toMatchObject({ code: "invalid_input" });
      await expect(files().write(join(root, name), bytes("x"))).rejects.toMatchObject({ code: "invalid_input" });
    }
    expect((await files().stat(join(root, "fifo"))).type).toBe("other");
  });

  test.runIf(linux)(
    "a link swapped in during thousands of reads, writes and removes never leads outside (realpath-then-open leaks)",
    async () => {
      mkdirSync(join(base, "elsewhere"));
      writeFileSync(join(base, "elsewhere/file"), "outside");
      mkdirSync(join(root, "real"));
      writeFileSync(join(root, "real/file"), "inside");
      await rename(join(root, "real"), join(root, "swap"));
      let running = true;
      const flipper = (async () => {
        while (running) {
          await rename(join(root, "swap"), join(root, "real"));
          await symlink("../elsewhere", join(root, "swap"));
          await unlink(join(root, "swap"));
          await rename(join(root, "real"), join(root, "swap"));
        }
      })();
      const seen = new Set<string>();
      const path = join(root, "swap/file");
      await Promise.all(
        Array.from({ length: 4 }, async () => {
          for (let round = 0; round < 500; round += 1) {
            seen.add(await textOf(files().read(path)).catch((error: { code: string }) => error.code));
            if (round % 5 === 0)
              await files()
                .write(path, bytes("inside"))
                .catch(() => undefined);
            if (round % 7 === 0)
              await files()
                .remove(join(root, "swap/none"))
                .catch(() => undefined);
          }
        }),
      );
      running = false;
      await flipper;
      expect([...seen].filter((content) => content === "outside")).toEqual([]);
      expect(seen).toContain("inside");
      expect(readFileSync(join(base, "elsewhere/file"), "utf8")).toBe("outside");
      expect(await readdir(join(base, "elsewhere"))).toEqual(["file"]);
    },
  );
});
