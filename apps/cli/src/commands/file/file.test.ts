import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXIT } from "../../errors.ts";
import { startLocalAgent, type LocalAgent } from "../../testing/local-agent.ts";

// The whole way: command line, socket, agent, and the files of a workspace on this machine.
let agent: LocalAgent;
let here: string;
const ws = (argv: string[], input = "") => agent.ws(argv, input);

beforeAll(async () => {
  agent = await startLocalAgent();
  here = agent.directory;
  await ws(["start", "demo"]);
});
afterAll(() => agent[Symbol.asyncDispose]());

test("a file is written from an argument, a file and a pipe, read, edited, looked at, listed, moved and removed", async () => {
  writeFileSync(join(here, "local.txt"), "one\ntwo\nthree\n");
  expect(await ws(["file", "write", "demo", "d/a.txt", "--content", "text"])).toMatchObject({
    code: 0,
    err: "d/a.txt  4 bytes, new\n",
  });
  expect(await ws(["file", "write", "demo", "d/b.txt", "--content", "@local.txt"])).toMatchObject({ code: 0 });
  expect(await ws(["file", "write", "demo", "d/c.txt"], "piped")).toMatchObject({ code: 0 });
  expect(await ws(["file", "read", "demo", "d/b.txt", "--offset=2", "--limit=1"])).toEqual({
    code: 0,
    out: "two\n",
    err: "It goes on: --offset 3.\n",
  });
  expect(await ws(["file", "read", "demo", "d/c.txt"])).toMatchObject({ code: 0, out: "piped" });
  expect(await ws(["file", "edit", "demo", "d/b.txt", "--old", "two", "--new", "2"])).toMatchObject({
    err: "d/b.txt  1 place replaced\n",
  });
  expect((await ws(["file", "grep", "demo", "^(2|text)$"])).out).toBe("d/a.txt:1:text\nd/b.txt:2:2\n");
  expect((await ws(["file", "grep", "demo", "2", "d", "-C", "1"])).out).toBe(
    "d/b.txt-1-one\nd/b.txt:2:2\nd/b.txt-3-three\n",
  );
  expect((await ws(["file", "mkdir", "demo", "d/sub"])).err).toBe("d/sub  made\n");
  expect((await ws(["file", "mv", "demo", "d/c.txt", "d/sub/c.txt"])).code).toBe(0);
  const listed = (await ws(["file", "ls", "demo", "d"])).out
    .split("\n")
    .map((line) => line.split(/\s+/).slice(0, 2).join(" "));
  expect(listed).toEqual(["NAME BYTES", "sub/ -", "a.txt 4", "b.txt 12", ""]);
  expect(JSON.parse((await ws(["file", "stat", "demo", "d/a.txt", "--format", "json"])).out)).toMatchObject({
    type: "file",
    size: 4,
    writable: true,
  });
  expect(
    (
      await ws(
        ["file", "patch", "demo"],
        "--- a/d/a.txt\n+++ b/d/a.txt\n@@ -1 +1 @@\n-text\n\\ No newline at end of file\n+words\n",
      )
    ).out,
  ).toContain("+1 -1");
  expect((await ws(["file", "rm", "demo", "d/a.txt", "d/none"])).err).toBe("d/a.txt  removed\nd/none  was not there\n");
  expect(await ws(["file", "rm", "demo", "d"])).toMatchObject({ code: EXIT.conflict });
  expect(await ws(["file", "rm", "demo", "d", "-r", "--json"])).toEqual({
    code: 0,
    out: expect.stringContaining('"removed": true') as string,
    err: "",
  });
});

test("bytes of a file and of a directory come here and go there", async () => {
  const bytes = new Uint8Array(randomBytes(100_000));
  mkdirSync(join(here, "tree/sub"), { recursive: true });
  writeFileSync(join(here, "tree/sub/x.bin"), bytes, { mode: 0o755 });
  symlinkSync("/etc/passwd", join(here, "tree/link"));
  expect((await ws(["file", "put", "demo", "up", "tree"])).err).toBe("1 file, 100000 bytes, 1 left out\n");
  expect((await ws(["file", "get", "demo", "up/sub/x.bin"])).err).toBe("x.bin  100000 bytes\n");
  expect(new Uint8Array(readFileSync(join(here, "x.bin")))).toEqual(bytes);
  expect(await ws(["file", "get", "demo", "up/sub/x.bin"])).toMatchObject({ code: EXIT.conflict });
  expect((await ws(["file", "get", "demo", "up", "--as", "tar"])).code).toBe(0);
  expect((await ws(["file", "put", "demo", "again", "up.tar", "--unpack"])).err).toBe("1 file, 100000 bytes\n");
  expect(JSON.parse((await ws(["file", "stat", "demo", "again/sub/x.bin", "--json"])).out)).toMatchObject({
    size: 100_000,
    mode: 0o755,
  });
  expect((await ws(["file", "get", "demo", "up", "all.zip", "--as=zip"])).code).toBe(0);
  expect(readFileSync(join(here, "all.zip")).subarray(0, 2).toString()).toBe("PK");
});

describe("what is refused says its code, and exits with what it means", () => {
  test.each<[string[], string, number]>([
    [["file", "read", "demo", "none"], "file_not_found", EXIT.notFound],
    [["file", "read", "nobody", "x"], "workspace_not_found", EXIT.notFound],
    [["file", "read", "demo", "../x"], "path_traversal", EXIT.denied],
    [["file", "get", "demo", "..", "-"], "path_traversal", EXIT.denied],
    [["file", "get", "demo", "/etc/passwd", "-"], "path_traversal", EXIT.denied],
    [["file", "read", "demo", ".env"], "path_not_allowed", EXIT.denied],
    [["file", "put", "demo", ".git/hooks/x"], "path_not_allowed", EXIT.denied],
    [["file", "put", "demo", ".env", "local.txt"], "path_not_allowed", EXIT.denied],
    [["file", "read", "demo", "."], "is_a_directory", EXIT.usage],
    [["file", "write", "demo", "x", "--content", "@nowhere"], "usage", EXIT.usage],
    [["file", "write", "demo", "x", "--expect", "gone"], "file_changed", EXIT.conflict],
    [["file", "grep", "demo", "("], "invalid_input", EXIT.usage],
    [["file", "patch", "demo"], "invalid_input", EXIT.usage],
    [["file", "read", "demo", "x", "--offset", "0"], "usage", EXIT.usage],
    [["policy", "set", "demo", "nope", "true"], "invalid_input", EXIT.usage],
    [["policy", "set", "demo", "push", "perhaps"], "usage", EXIT.usage],
    [["policy", "set", "demo", "push", "constructor"], "usage", EXIT.usage],
  ])("%j: %s", async (argv, code, exit) => {
    const result = await ws(argv);
    expect([result.code, result.err]).toEqual([exit, expect.stringContaining(`(${code})`)]);
  });
});

test("a path that is brought is called as it was given, and a directory is led to an archive", async () => {
  expect((await ws(["file", "get", "demo", "none"])).err).toMatch(/^ws: 'none' does not exist\./);
  await ws(["file", "write", "demo", "dir of it/a", "--content", "x"]);
  expect(await ws(["file", "get", "demo", "dir of it"])).toMatchObject({
    code: EXIT.usage,
    err:
      "ws: 'dir of it' is a directory. (is_a_directory)\n" +
      "    Bring it as an archive: ws file get demo 'dir of it' --as tar\n",
  });
});

test("a rule that is none is named, with those that there are", async () => {
  for (const argv of [
    ["set", "demo", "pusch", "false"],
    ["unset", "demo", "pusch"],
  ]) {
    expect(await ws(["policy", ...argv])).toMatchObject({
      code: EXIT.usage,
      err: expect.stringMatching(
        /^ws: There is no rule 'pusch'\. \(invalid_input\)\n +Rules: readOnly, .*push/s,
      ) as string,
    });
  }
});

test("rules are set, shown with where they come from, hold for files, and are taken back", async () => {
  await ws(["file", "write", "demo", "src/a", "--content", "x"]);
  await ws(["file", "write", "demo", "docs/a", "--content", "x"]);
  expect((await ws(["policy", "get", "demo"])).err).toMatch(/^No rules are set/);
  expect((await ws(["policy", "set", "demo", "allowed_paths", "src, lib"])).err).toBe("allowedPaths is set.\n");
  expect((await ws(["policy", "get", "demo"])).out).toMatch(/allowedPaths\s+src, lib\s+workspace demo/);
  const denied = await ws(["file", "read", "demo", "docs/a"]);
  expect(denied.err).toMatch(/allowedPaths of the workspace demo/);
  expect(denied.err.replace(/\s+/g, " ")).toContain("'ws policy set demo allowedPaths VALUE'");
  expect((await ws(["policy", "unset", "demo", "allowedPaths"])).code).toBe(0);
  expect((await ws(["file", "read", "demo", "docs/a"])).out).toBe("x");
  expect((await ws(["policy", "set", "demo", "commands", ""])).err).toBe(
    "commands is set to an empty list: nothing may be run.\n",
  );
  expect((await ws(["policy", "get", "demo"])).out).toMatch(/commands\s+none\s+workspace demo/);
  expect((await ws(["policy", "set", "demo", "hiddenPaths", "[]"])).err).toContain("nothing more is hidden");
  expect((await ws(["policy", "set", "--repository", "github.com/acme/shop", "push", "off", "--json"])).out).toContain(
    '"push": false',
  );
  expect((await ws(["policy", "get", "--repository"])).out).toMatch(/github.com\/acme\/shop\s+push\s+false/);
});
