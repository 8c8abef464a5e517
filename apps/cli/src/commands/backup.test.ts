import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { zstdCompressSync } from "node:zlib";
import { Command } from "commander";
import { expect, onTestFinished, test } from "vitest";
import { createContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { startLocalAgent } from "../testing/local-agent.ts";
import { registerBackup, registerRestore } from "./backup.ts";

function setup(on?: string, typed = "") {
  const cwd = mkdtempSync(join(tmpdir(), "ws-backup-"));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  const directory = join(cwd, "config");
  mkdirSync(directory);
  const stdin = new PassThrough();
  stdin.end(typed);
  const io = { ...createFakeIo({ WS_CONFIG_DIR: directory }), cwd, stdin };
  const context = { ...createContext(io), on };
  const program = new Command().option("--yes").exitOverride();
  registerBackup(program, context);
  registerRestore(program, context);
  const run = async (...argv: string[]) => void (await program.parseAsync(argv, { from: "user" }));
  return { cwd, io, run };
}

test("a backup is of the worker on this machine: elsewhere, and where there is none, it says so", async () => {
  await expect(setup("desk").run("backup", "a")).rejects.toMatchObject({
    code: "usage",
    next: expect.stringContaining("--on desk"),
  });
  await expect(setup().run("backup", "a")).rejects.toThrow(
    expect.objectContaining({ code: "config_invalid", constructor: CliError }),
  );
});

test("nothing is restored that nobody confirmed, nor what is no backup, about which nobody is asked", async () => {
  const { cwd, io, run } = setup();
  await expect(run("restore", "a")).rejects.toMatchObject({ code: "backup_invalid" });
  writeFileSync(join(cwd, "a"), Buffer.alloc(100));
  await expect(run("restore", "a")).rejects.toMatchObject({ code: "backup_invalid" });
  expect(io.err()).toBe("");
  writeFileSync(join(cwd, "a"), zstdCompressSync(randomBytes(100)));
  await expect(run("restore", "a")).rejects.toMatchObject({ code: "confirmation_needed" });
  expect(io.err()).toContain("what is there now is kept beside them");
  await expect(run("--yes", "restore", "a")).rejects.toThrow(
    expect.objectContaining({ code: "backup_invalid", constructor: CliError }),
  );
});

test("a passphrase comes from standard input, never from an argument, and there is no backup with secrets without one", async () => {
  for (const command of ["backup", "restore"]) {
    const { cwd, run } = setup();
    writeFileSync(join(cwd, "a"), zstdCompressSync(randomBytes(100)));
    await expect(run("--yes", command, "--secrets", "a")).rejects.toMatchObject({
      code: "usage",
      next: expect.stringContaining(`ws ${command} --secrets FILE < PASSPHRASE`),
    });
  }
  await expect(setup(undefined, "short\n").run("backup", "--secrets", "a")).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringContaining("12 characters"),
  });
});

test("what a restore did is told with everybody who is let in from then on, and who no longer is", async () => {
  await using agent = await startLocalAgent();
  const { ws } = agent;
  const passphrase = `${randomBytes(12).toString("hex")}\n`;
  for (const name of ["laptop", "gone"]) await ws(["token", "create", name]);
  expect(await ws(["backup", "--secrets", "a"], passphrase)).toMatchObject({
    code: 0,
    err: expect.stringContaining("the passphrase alone"),
  });
  await ws(["token", "revoke", "gone", "--yes"]);
  await ws(["token", "create", "late"]);
  expect(await ws(["start", "build"])).toMatchObject({ code: 0 });
  expect(await ws(["restore", "a"])).toMatchObject({
    code: 4,
    err: expect.stringMatching(/and a restore needs it ended.*kill \d+/s) as string,
  });
  await agent.close();
  const wrong = await ws(["restore", "--secrets", "a", "--yes"], "another\n");
  expect(wrong).toMatchObject({ code: 1, out: "", err: expect.stringContaining("passphrase_wrong") });
  const { code, out, err } = await ws(["restore", "--secrets", "a", "--yes"], passphrase);
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringMatching(
      /^restored {2}as of [\d: -]+\nlets in {3}laptop {2}token {2}write\nunknown {3}build {2}home in directories {2}\S+\/ws-\w+ {2}\S+\/\.ws-\w+\/home\n$/,
    ) as string,
  });
  expect(err).toContain("Not let in, being revoked since, or over: gone.");
  expect(err).toContain("being newer than the backup: late.");
  expect(err).toContain("known to no command any more: build.");
  const plain = await ws(["restore", "a", "--yes"]);
  expect(plain.err).toContain("The backup has secrets, too");
});
