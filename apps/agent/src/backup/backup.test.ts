import { createHash, randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { pack, type Header } from "tar-stream";
import { MIGRATIONS } from "../store/migrations.ts";
import { openDatabase } from "../store/database.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { startTestAgent } from "../testing/test-agent.ts";
import { beginRestore, finishRestore } from "./finish-restore.ts";
import { restoreBackup, writeBackup } from "./index.ts";

import { directoryOfItsOwn, NOW, worker } from "./testing/worker-directory.ts";

/** A file as a backup is, but with this in it. */
async function made(entries: readonly (Partial<Header> & { name: string; content?: string })[]): Promise<string> {
  const tar = pack();
  for (const { content = "", ...header } of entries) tar.entry(header, content);
  tar.finalize();
  const file = join(directoryOfItsOwn(), "made.backup");
  writeFileSync(file, zstdCompressSync(Buffer.concat(await Array.fromAsync(tar as AsyncIterable<Buffer>))));
  return file;
}

test("a worker that is lost comes back from its backup with workspaces, tokens, projects and scripts, and names what has to be given again", async () => {
  const { configDir, file } = await worker();
  rmSync(configDir, { recursive: true });
  const restored = await restoreBackup(configDir, file, { now: NOW });
  expect(restored).toEqual({
    created: "2026-01-02T00:00:00.000Z",
    missing: ["env.TOKEN", "hub.token"],
    secrets: "none",
    access: { compared: false, leftOut: [], shutOut: [], letIn: [{ name: "laptop", kind: "token", scope: "write" }] },
    newer: { workspaces: [], repositories: [] },
  });
  expect(readdirSync(join(configDir, "git", "tool.git", "refs"))).toEqual(["heads"]);
  expect(existsSync(join(configDir, "git", "tool.git", "link"))).toBe(false);
  expect(statSync(join(configDir, "scripts", "run.sh")).mode & 0o777).toBe(0o700);
  expect(statSync(join(configDir, "state.db")).mode & 0o777).toBe(0o600);
  await using agent = await startTestAgent({ configDirectory: configDir });
  expect((await agent.local.workspaces.list()).map(({ name }) => name)).toEqual(["demo"]);
  expect((await agent.local.tokens.list()).map(({ name }) => name)).toContain("laptop");
  await expect(restoreBackup(configDir, file, { now: NOW })).rejects.toMatchObject({ code: "state_locked" });
});

test("a backup holds no secret, is its user's alone, and is never written over another file (stolen backup)", async () => {
  const { configDir, file, canary } = await worker();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const content = zstdDecompressSync(readFileSync(file));
  expect(content.includes("state.db")).toBe(true);
  for (const form of [canary, Buffer.from(canary).toString("base64").slice(0, -4)]) {
    expect(content.includes(form)).toBe(false);
  }
  await expect(writeBackup(configDir, file, { now: NOW })).rejects.toMatchObject({ code: "invalid_input" });
  await expect(writeBackup(configDir, "/nowhere/x", { now: NOW })).rejects.toMatchObject({ code: "invalid_input" });
  const nowhere = join(directoryOfItsOwn(), "none");
  await expect(writeBackup(nowhere, `${file}2`, { now: NOW })).rejects.toMatchObject({ code: "config_invalid" });
  expect(readdirSync(configDir).filter((name) => name.includes("backup"))).toEqual([]);
});

test("what was there is kept beside what is restored, and secrets that are still there are not asked for", async () => {
  const { configDir, file } = await worker();
  writeFileSync(join(configDir, "scripts", "later.sh"), "#!/bin/sh\n");
  const { before = "", missing } = await restoreBackup(configDir, file, { now: NOW });
  expect(missing).toEqual([]);
  expect(existsSync(join(configDir, "scripts", "later.sh"))).toBe(false);
  expect(existsSync(join(before, "scripts", "later.sh"))).toBe(true);
  expect(readdirSync(configDir).filter((name) => /unfinished|^restore/.test(name))).toEqual([]);
});

test("a file that was cut off or changed anywhere is refused, and nothing is changed by it", async () => {
  const { configDir, file } = await worker();
  const whole = readFileSync(file);
  const plain = zstdDecompressSync(whole);
  const flipped = Buffer.from(plain);
  const at = plain.indexOf("ref: refs/heads/main");
  flipped[at] = 0x52;
  const bad = join(directoryOfItsOwn(), "bad");
  const state = readFileSync(join(configDir, "state.db"));
  for (const content of [
    whole.subarray(0, whole.length - 20),
    whole.subarray(0, 100),
    Buffer.alloc(0),
    randomBytes(500),
    zstdCompressSync(flipped),
    zstdCompressSync(plain.subarray(0, plain.indexOf("manifest.json"))),
  ]) {
    writeFileSync(bad, content);
    await expect(restoreBackup(configDir, bad, { now: NOW })).rejects.toMatchObject({ code: "backup_invalid" });
  }
  await expect(restoreBackup(configDir, `${bad}2`, { now: NOW })).rejects.toMatchObject({ code: "backup_invalid" });
  expect(readFileSync(join(configDir, "state.db")).equals(state)).toBe(true);
  expect(readdirSync(configDir).filter((name) => /restore/.test(name))).toEqual([]);
});

test("what is wrong with a file is told in words of ours: that it is no backup, has no end, is a directory or not there", async () => {
  const directory = directoryOfItsOwn();
  const file = join(directory, "file");
  const [restore, says] = [
    () => restoreBackup(join(directory, "config"), file, { now: NOW }),
    (why: string) => ({ code: "backup_invalid", message: `${file} cannot be restored: ${why}.` }),
  ];
  await expect(restore()).rejects.toMatchObject(says("it is not there"));
  writeFileSync(file, "host\n");
  await expect(restore()).rejects.toMatchObject(says("it is no backup of ws"));
  writeFileSync(file, zstdCompressSync(randomBytes(500)).subarray(0, 100));
  await expect(restore()).rejects.toMatchObject(says("its end is missing"));
  rmSync(file);
  mkdirSync(file);
  await expect(restore()).rejects.toMatchObject(says("it is a directory"));
});

test.each<Partial<Header> & { name: string }>([
  { name: "../evil" },
  { name: "scripts/../../evil" },
  { name: "/etc/evil" },
  { name: "secrets.json" },
  { name: "config.json/evil" },
  { name: "state.db", type: "directory" },
  { name: "secrets.age/evil" },
  { name: "git" },
  { name: "scripts/a\\b" },
  { name: "scripts/link", type: "symlink", linkname: "/etc" },
  { name: "scripts/hard", type: "link", linkname: "state.db" },
  { name: "scripts/pipe", type: "fifo" },
])("an entry %j is refused (archive slip: tar-fs CVE-2025-59343)", async (header) => {
  const configDir = join(directoryOfItsOwn(), "config");
  const file = await made([{ ...header, ...(header.type === undefined ? { content: "evil" } : {}) }]);
  await expect(restoreBackup(configDir, file, { now: NOW })).rejects.toMatchObject({ code: "backup_invalid" });
  expect(readdirSync(configDir).filter((name) => !name.startsWith("agent."))).toEqual([]);
});

test("what is no state, and a state that is damaged, are refused", async () => {
  const configDir = join(directoryOfItsOwn(), "config");
  for (const content of ["no database", ""]) {
    const sha256 = createHash("sha256").update(content).digest("hex");
    const entries = [{ path: "state.db", type: "file", bytes: content.length, sha256 }];
    const manifest = JSON.stringify({ format: 1, created: "2026-01-02T00:00:00.000Z", entries });
    const file = await made([
      { name: "state.db", content },
      { name: "manifest.json", content: manifest },
    ]);
    await expect(restoreBackup(configDir, file, { now: NOW })).rejects.toMatchObject({ code: "backup_invalid" });
  }
});

test("a small file that holds more than the disk has room for is refused before it is written (decompression bomb)", async () => {
  const configDir = join(directoryOfItsOwn(), "config");
  const size = 1024 ** 5;
  const tar = pack();
  // Its beginning is enough: that it is so large is said first.
  tar.entry({ name: "state.db", size });
  let header: Uint8Array = Buffer.alloc(0);
  for await (const chunk of tar as AsyncIterable<Buffer>) {
    header = chunk;
    break;
  }
  const file = join(directoryOfItsOwn(), "bomb.backup");
  writeFileSync(file, zstdCompressSync(Buffer.concat([header, Buffer.alloc(1024 * 1024)])));
  await expect(restoreBackup(configDir, file, { now: NOW })).rejects.toMatchObject({ code: "disk_full" });
  expect(readdirSync(configDir).filter((name) => !name.startsWith("agent."))).toEqual([]);
});

test("copies that upgrades left of a state go with it, and two restores at one instant keep both states", async () => {
  const { configDir, file } = await worker();
  const copy = join(configDir, "state.db.v3.backup");
  writeFileSync(copy, "older");
  const first = await restoreBackup(configDir, file, { now: NOW });
  expect(existsSync(copy)).toBe(false);
  expect(existsSync(join(first.before ?? "", "state.db.v3.backup"))).toBe(true);
  const second = await restoreBackup(configDir, file, { now: NOW });
  expect(second.before).not.toBe(first.before);
  for (const { before = "" } of [first, second]) expect(existsSync(join(before, "state.db"))).toBe(true);
});

test("a state of a newer version is refused", async () => {
  const { configDir } = await worker();
  const newer = openDatabase(join(configDir, "state.db"), createSilentLog(), [...MIGRATIONS, "CREATE TABLE later (a)"]);
  newer.close();
  const file = join(directoryOfItsOwn(), "newer.backup");
  await writeBackup(configDir, file, { now: NOW });
  await expect(restoreBackup(configDir, file, { now: NOW })).rejects.toMatchObject({ code: "state_newer" });
});

test("no backup is taken of a restore that was cut short, until the next start has finished it", async () => {
  const { configDir, file } = await worker();
  const staged = join(configDir, ".unfinished-restore-a");
  mkdirSync(staged);
  writeFileSync(join(staged, "config.json"), "{}");
  beginRestore(configDir, {
    staged: ".unfinished-restore-a",
    before: "before-restore-1",
    old: [],
    fresh: ["config.json"],
  });
  await expect(writeBackup(configDir, `${file}2`, { now: NOW })).rejects.toMatchObject({ code: "config_invalid" });
  expect(existsSync(`${file}2`)).toBe(false);
  await (await startTestAgent({ configDirectory: configDir }))[Symbol.asyncDispose]();
  await writeBackup(configDir, `${file}2`, { now: NOW });
});

test("copies that killed backups and restores left are removed a day later, and nothing else is (stolen worker disk)", async () => {
  const { configDir, file } = await worker();
  const target = `${file}2`;
  const old = [".unfinished-backup-a", ".unfinished-restore-a"].map((name) => join(configDir, name));
  const part = `${target.replace(/[^/]+$/, ".$&")}.0123456789ab`;
  const others = [join(configDir, "backup-monday"), join(configDir, ".unfinished-backup-b"), `${part}.txt`];
  const yesterday = NOW / 1_000 - 90_000;
  const make = (): void => {
    for (const path of [...old, ...others.slice(0, 2)]) mkdirSync(path, { recursive: true });
    for (const path of [part, ...others.slice(2)]) writeFileSync(path, "state");
    for (const path of [...old, part, ...others]) utimesSync(path, yesterday, yesterday);
    utimesSync(others[1] ?? "", NOW / 1_000, NOW / 1_000);
  };
  make();
  await writeBackup(configDir, target, { now: NOW });
  expect([...old, part, ...others].filter((path) => existsSync(path))).toEqual(others);
  make();
  await (await startTestAgent({ configDirectory: configDir }))[Symbol.asyncDispose]();
  expect(old.filter((path) => existsSync(path))).toEqual([]);
});

test("a restore that is killed at any step has not happened, or is finished by the next start (power loss)", async () => {
  const names = ["state.db", "state.db-wal", "config.json", "tls/worker.key"];
  const coming = ["state.db", "config.json", "projects", "tls/worker.key"];
  for (let steps = 0; steps <= names.length + coming.length; steps += 1) {
    const configDir = directoryOfItsOwn();
    mkdirSync(join(configDir, "tls"));
    for (const name of names) writeFileSync(join(configDir, name), "old");
    const staged = join(configDir, ".unfinished-restore-a");
    mkdirSync(join(staged, "tls"), { recursive: true });
    for (const name of coming) writeFileSync(join(staged, name), "new");
    const before = "before-restore-1";
    beginRestore(configDir, {
      staged: ".unfinished-restore-a",
      before,
      old: names,
      fresh: coming,
    });
    // As far as a run that was killed has come.
    const moves = [
      ...names.map((name) => [name, join(before, name)]),
      ...coming.map((name) => [join(".unfinished-restore-a", name), name]),
    ];
    mkdirSync(join(configDir, before, "tls"), { recursive: true });
    for (const [from = "", to = ""] of moves.slice(0, steps)) renameSync(join(configDir, from), join(configDir, to));
    finishRestore(configDir);
    finishRestore(configDir);
    expect(coming.map((name) => readFileSync(join(configDir, name), "utf8"))).toEqual(coming.map(() => "new"));
    expect(existsSync(join(configDir, "state.db-wal"))).toBe(false);
    const kept = names.map((name) => readFileSync(join(configDir, before, name), "utf8"));
    expect(kept).toEqual(names.map(() => "old"));
    expect(readdirSync(configDir).sort()).toEqual(["before-restore-1", "config.json", "projects", "state.db", "tls"]);
  }
});
