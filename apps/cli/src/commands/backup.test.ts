import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { expect, onTestFinished, test } from "vitest";
import { createContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { registerBackup, registerRestore } from "./backup.ts";

function setup(on?: string) {
  const cwd = mkdtempSync(join(tmpdir(), "ws-backup-"));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  const directory = join(cwd, "config");
  mkdirSync(directory);
  const io = { ...createFakeIo({ WS_CONFIG_DIR: directory }), cwd };
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

test("nothing is restored that nobody confirmed, nor what is no backup", async () => {
  const { cwd, io, run } = setup();
  writeFileSync(join(cwd, "a"), randomBytes(100));
  await expect(run("restore", "a")).rejects.toMatchObject({ code: "confirmation_needed" });
  expect(io.err()).toContain("what is there now is kept beside them");
  await expect(run("--yes", "restore", "a")).rejects.toThrow(
    expect.objectContaining({ code: "backup_invalid", constructor: CliError }),
  );
});
