import { randomBytes } from "node:crypto";
import { createLocalRuntime } from "@ws/local-runtime";
import { createWorkspaces, type Box, type Runtime, type WorkspaceFiles, type Workspaces } from "@ws/workspace-core";
import { createFakeGit, createMemoryStore, HOSTILE_PATHS } from "@ws/workspace-core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSystemClock } from "../system/clock.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { dockerRuntime } from "../testing/terminal-place.ts";
import { tempDir } from "../testing/temp-dir.ts";

const GIB = 1024 ** 3;

describe.each(["docker", "local"] as const)("files of a workspace on the %s runtime", (kind) => {
  const random = randomBytes(5).toString("hex");
  const name = `files-${random}`;
  const parts = new AsyncDisposableStack();
  let workspaces: Workspaces;
  let files: WorkspaceFiles;

  beforeAll(async () => {
    workspaces = parts.use(
      createWorkspaces({
        runtimes: [runtimeOf(kind)],
        store: createMemoryStore(),
        git: createFakeGit(),
        setup: { environment: async () => ({}), scripts: async () => [], files: async () => [] },
        disk: { free: async () => ({ bytes: 50e9, totalBytes: 100e9, inodes: 1e6, totalInodes: 2e6 }) },
        clock: createSystemClock(),
        log: createSilentLog(),
        newId: () => `ws-${random}`,
        openTerminals: () => Promise.reject(new Error("no terminals here")),
      }),
    );
    await workspaces.create({ name });
    parts.defer(() => workspaces.delete(name, { force: true }));
    files = await workspaces.files(name);
  });
  afterAll(() => parts.disposeAsync());

  function runtimeOf(which: typeof kind): Runtime {
    if (which === "docker") {
      const runtime = dockerRuntime(`test-${random}`);
      parts.defer(() => runtime.teardown());
      return runtime;
    }
    const directory = parts.use(tempDir());
    return createLocalRuntime({
      directory: directory.path,
      instance: random,
      sandbox: "none",
      clock: createSystemClock(),
      log: createSilentLog(),
    });
  }

  const sh = async (script: string): Promise<string> =>
    run(await workspaces.box(name), workspaces.directory(name) ?? "", script);

  test("what is written comes back, is edited, patched, searched, packed and unpacked", async () => {
    await files.write("src/a.ts", Buffer.from("const a = 1;\n"));
    await files.edit("src/a.ts", { oldString: "1", newString: "2" });
    await files.patch("--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1 +1,2 @@\n const a = 2;\n+const b = 3;\n");
    expect(await files.read("src/a.ts")).toMatchObject({ content: "const a = 2;\nconst b = 3;\n", totalLines: 2 });
    expect(
      (await files.grep({ pattern: "const \\w = [23]", include: "*.ts" })).matches.map(
        ({ path, line }) => `${path}:${line}`,
      ),
    ).toEqual(["src/a.ts:1", "src/a.ts:2"]);
    expect((await files.find({ query: "A.TS" })).paths).toEqual(["src/a.ts"]);
    await sh("truncate -s 17M dump.bin");
    expect(await files.grep({ pattern: "const b" })).toMatchObject({ truncated: false, tooLarge: ["dump.bin"] });
    expect(await files.grep({ pattern: "const b", path: "dump.bin" })).toEqual({ matches: [], truncated: false });
    await files.remove("dump.bin");
    await files.unpack("copy", await files.archive("src", "tar"));
    expect(await files.read("copy/a.ts", { offset: 2 })).toMatchObject({ content: "const b = 3;\n" });
    await files.move("copy", "moved");
    expect((await files.list("")).entries.map((entry) => entry.name)).toEqual(expect.arrayContaining(["moved", "src"]));
    await files.remove("moved", { recursive: true });
    expect(await sh("ls moved 2>&1 || true")).toContain("moved");
  });

  test("every hostile path is refused before anything is looked up, or is a name like others (CVE-2025-53109, CVE-2025-53110)", async () => {
    const outside = await sh("cat /etc/hostname 2>/dev/null; ls -A ..");
    for (const { path, is } of HOSTILE_PATHS) {
      const codes = [
        await codeOf(files.read(path)),
        await codeOf(files.write(path, Buffer.from("x"))),
        await codeOf(files.remove(path, { recursive: true })),
      ];
      const code = {
        "leads-out": "path_traversal",
        "no-path": "invalid_input",
        protected: "path_not_allowed",
        name: "ok",
      }[is];
      expect([path, codes.slice(1)]).toEqual([path, [code, code]]);
      expect([path, codes[0]]).toEqual([path, is === "name" ? "file_not_found" : code]);
    }
    expect(await sh("cat /etc/hostname 2>/dev/null; ls -A ..")).toBe(outside);
  });

  test("a link to what is hidden or outside gives nothing away, by no way of asking", async () => {
    await sh(
      "mkdir -p hid; echo HID > hid/secret; echo K=SECRET > .env; ln -sfn hid way; ln -sfn .env plain; ln -sfn /etc out; ln -sfn /etc/passwd pw",
    );
    workspaces.policies.change(name, { set: { hiddenPaths: ["hid"] } });
    const held = await workspaces.files(name);
    for (const [path, code] of [
      ["way/secret", "path_not_allowed"],
      ["plain", "path_not_allowed"],
      ["out/passwd", "path_traversal"],
      ["pw", "path_traversal"],
    ] as const) {
      expect([path, await codeOf(held.read(path))]).toEqual([path, code]);
      expect([path, await codeOf(held.download(path))]).toEqual([path, code]);
      expect([path, await codeOf(held.edit(path, { oldString: "S", newString: "x" }))]).toEqual([path, code]);
    }
    expect(await codeOf(held.list("way"))).toBe("path_not_allowed");
    expect(await codeOf(held.list("out"))).toBe("path_traversal");
    expect(await codeOf(held.archive("way", "tar"))).toBe("path_not_allowed");
    for (const pattern of ["HID", "SECRET", "root:x:0"]) {
      for (const path of ["", "way", "plain", "out", "pw", "hid"]) {
        const found = await held.grep({ pattern, path }).catch(() => ({ matches: [] }));
        expect([pattern, path, found.matches]).toEqual([pattern, path, []]);
      }
    }
    const packed = Buffer.concat(await Array.fromAsync(await held.archive("", "tar"))).toString("latin1");
    expect(packed).not.toMatch(/HID|SECRET|root:x:0/);
    workspaces.policies.change(name, { unset: ["hiddenPaths"] });
    expect(await codeOf(held.write("pw", Buffer.from("x")))).not.toBe("ok");
    expect(await sh("readlink pw")).toBe("/etc/passwd\n");
  });

  test("a name that is swapped between what is hidden and what is not gives nothing away (CVE-2025-53109)", async () => {
    await sh("mkdir -p hid pub; echo HID > hid/f; echo PUB > pub/f; ln -sfn pub flip");
    workspaces.policies.change(name, { set: { hiddenPaths: ["hid"] } });
    const held = await workspaces.files(name);
    const over = new AbortController();
    const flip = 'while (1) { for ("hid", "pub") { symlink $_, "flip.new"; rename "flip.new", "flip" } }';
    const cwd = workspaces.directory(name) ?? "";
    const { exit } = await (await workspaces.box(name)).run(["perl", "-e", flip], { cwd, signal: over.signal });
    const ended = exit.catch(() => undefined);
    const seen = new Set<string>();
    for (let round = 0; round < 1_000; round += 1) {
      seen.add(await held.read("flip/f").then((read) => (read.binary ? "binary" : read.content), codeOfError));
    }
    over.abort();
    await ended;
    workspaces.policies.change(name, { unset: ["hiddenPaths"] });
    expect([...seen].sort()).toEqual(["PUB\n", "path_not_allowed"]);
  });

  test("what git keeps of worktrees and submodules is protected as its own, and files in them are like others", async () => {
    await sh(`set -e; export GIT_CONFIG_GLOBAL=/dev/null; mkdir git; cd git; git init -q lib; git init -q app
      commit() { git -C "$1" -c user.name=T -c user.email=t@example.test commit -qam x --allow-empty; }
      printf 'K=1' >lib/.env; echo code >lib/code; git -C lib add -A; commit lib
      git -C app -c protocol.file.allow=always submodule --quiet add "$PWD/lib" libs/lib; commit app
      git -C app worktree add -q ../app/tree; echo code >app/tree/code; git -C app/tree add code`);
    for (const git of ["git/app/libs/lib/.git", "git/app/tree/.git"]) {
      expect(await files.stat(git)).toMatchObject({ type: "file", readable: true, writable: false });
      expect(await codeOf(files.write(git, Buffer.from("gitdir: /tmp")))).toBe("path_not_allowed");
      expect(await codeOf(files.write(`${git}/config`, Buffer.from("x")))).toBe("path_not_allowed");
    }
    const own = "git/app/.git";
    for (const path of [
      ...["config", "index", "objects/pack", "hooks/post-checkout"].map((each) => `${own}/modules/libs/lib/${each}`),
      `${own}/worktrees/tree/index`,
      `${own}/worktrees/tree/config.worktree`,
      "git/app/libs/lib/.env",
    ]) {
      expect([path, await codeOf(files.read(path))]).toEqual([path, "path_not_allowed"]);
      expect([path, await codeOf(files.write(path, Buffer.from("x")))]).toEqual([path, "path_not_allowed"]);
    }
    for (const path of ["git/app/libs/lib/code", "git/app/tree/code"]) {
      expect(await codeOf(files.edit(path, { oldString: "code", newString: "changed" }))).toBe("ok");
    }
    expect(await codeOf(files.move("git/app/tree/.git", "git/app/tree/git"))).toBe("path_not_allowed");
    await files.remove("git", { recursive: true });
  });

  test("a second name that a program gives a file is a file of its own to the rules, and written apart from it", async () => {
    await sh("echo K=SECOND > .env; ln -f .env second");
    expect(await codeOf(files.read(".env"))).toBe("path_not_allowed");
    expect(await files.read("second")).toMatchObject({ content: "K=SECOND\n" });
    await files.write("second", Buffer.from("K=2\n"));
    expect(await sh("cat .env; rm -f .env second")).toBe("K=SECOND\n");
  });

  test("a FIFO and a directory are refused at once, and hold up nothing", async () => {
    await sh("rm -f p; mkfifo p");
    for (const path of ["p", "src"]) {
      for (const work of [
        () => files.read(path),
        () => files.download(path),
        () => files.edit(path, { oldString: "a", newString: "b" }),
      ]) {
        expect([path, await codeOf(work())]).toEqual([path, path === "p" ? "not_a_regular_file" : "is_a_directory"]);
      }
    }
    expect((await files.stat("p")).type).toBe("other");
    expect((await files.grep({ pattern: "const" })).matches.length).toBeGreaterThan(0);
  });

  test("a file of 100 GB is refused whole, and read in a part in no time", async () => {
    await sh("yes 'a line' | head -c 9000 > big; truncate -s 100G big");
    expect(await codeOf(files.read("big"))).toBe("file_too_large");
    expect(await files.read("big", { offset: 1, limit: 1 })).toMatchObject({
      size: 100 * GIB,
      linesRead: 1,
      truncated: true,
    });
    expect(await codeOf(files.edit("big", { oldString: "a", newString: "b" }))).toBe("file_too_large");
    await using part = await files.download("big", { offset: 99 * GIB, length: 10 });
    expect(Buffer.concat(await Array.fromAsync(part.content))).toEqual(Buffer.alloc(10));
    await files.remove("big");
  });
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "ok";
  } catch (error) {
    return codeOfError(error);
  }
}

function codeOfError(error: unknown): string {
  return (error as { code: string }).code;
}

async function run(box: Box, cwd: string, script: string): Promise<string> {
  const process = await box.run(["sh", "-c", script], { cwd });
  let said = "";
  for await (const bytes of process.stdout) said += Buffer.from(bytes).toString();
  await process.exit;
  return said;
}
