import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as passing } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startTestAgent } from "../testing/test-agent.ts";
import { finishRestore, isHalfRestored } from "./finish-restore.ts";
import { writeBackup } from "./index.ts";
import { directoryOfItsOwn, NOW } from "./testing/worker-directory.ts";

const PROGRAM = fileURLToPath(new URL("testing/run-backup.ts", import.meta.url));

/** A worker whose state, settings and scripts all say the same word; what it is said to be changes all three. */
async function marked(configDir: string, word: string): Promise<void> {
  await using agent = await startTestAgent({ configDirectory: configDir });
  await agent.local.tokens.create({ name: word });
  await agent.local.config.settings.set({ key: "hub.name", value: word });
  writeFileSync(join(configDir, "scripts", "word"), word);
}

function markOf(configDir: string): string[] {
  const db = new DatabaseSync(join(configDir, "state.db"));
  const newest = db.prepare("SELECT name FROM tokens ORDER BY created_at DESC, rowid DESC LIMIT 1").get();
  db.close();
  const config = JSON.parse(readFileSync(join(configDir, "config.json"), "utf8")) as { hub?: { name?: string } };
  return [String(newest?.["name"]), config.hub?.name ?? "", readFileSync(join(configDir, "scripts", "word"), "utf8")];
}

/** Restores in a process of its own, which is killed so long after it began; how long it took where it was not. */
async function restoreKilled(configDir: string, file: string, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, ["--conditions=source", PROGRAM, "restore", configDir, file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let begun = 0;
  child.stdout.on("data", () => {
    if (begun > 0) return;
    begun = performance.now();
    if (afterMs < Infinity) void passing(afterMs).then(() => child.kill("SIGKILL"));
  });
  await new Promise((resolve) => child.on("close", resolve));
  return performance.now() - begun;
}

test("a restore that is killed at any time leaves the old state or the new one, never parts of both", async () => {
  const base = directoryOfItsOwn();
  const [configDir, file] = [join(base, "config"), join(base, "worker.backup")];
  await marked(configDir, "backed-up");
  await writeBackup(configDir, file, { now: NOW });
  const took = await restoreKilled(configDir, file, Infinity);
  const rounds = 12;
  const seen: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (markOf(configDir)[0] === "backed-up") await marked(configDir, "present");
    await restoreKilled(configDir, file, (took * round) / (rounds - 1));
    // What the next start of the agent does first.
    finishRestore(configDir);
    expect(isHalfRestored(configDir)).toBe(false);
    const mark = markOf(configDir);
    expect(new Set(mark).size).toBe(1);
    seen.push(mark[0] ?? "");
  }
  expect(seen).toContain("present");
  await using agent = await startTestAgent({ configDirectory: configDir });
  expect(await agent.local.tokens.list()).not.toEqual([]);
});

test("on a disk without room a backup and a restore end with that, and leave nothing behind", async () => {
  const base = directoryOfItsOwn();
  const [configDir, file, disk] = [join(base, "config"), join(base, "worker.backup"), join(base, "disk")];
  await marked(configDir, "backed-up");
  writeFileSync(join(configDir, "scripts", "large"), randomBytes(24 * 1024 * 1024));
  await writeBackup(configDir, file, { now: NOW });
  mkdirSync(disk);
  const run = async (what: string, size: string, directory: string, at: string): Promise<string[]> => {
    const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
    const inside = `mount -t tmpfs -o size=${size} tmpfs "$0" && "$@" && ls -A "$0"`;
    const command = [process.execPath, "--conditions=source", PROGRAM, what, directory, at];
    const argv = ["--mount", ...asRoot, "sh", "-c", inside, disk, ...command];
    const { stdout } = await promisify(execFile)("unshare", argv);
    return stdout.trim().split("\n");
  };
  expect(await run("write", "8m", configDir, join(disk, "worker.backup"))).toEqual(["begun", "disk_full"]);
  expect(readdirSync(configDir).filter((name) => name.includes("unfinished"))).toEqual([]);
  expect(await run("restore", "80m", disk, file)).toEqual(["begun", "disk_full", "agent.lock"]);
  rmSync(join(configDir, "scripts", "large"));
});
