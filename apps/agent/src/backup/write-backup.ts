import { createHash, randomBytes } from "node:crypto";
import {
  accessSync,
  constants,
  createWriteStream,
  existsSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdCompress } from "node:zlib";
import { excerpt, WsError } from "@ws/workspace-core";
import { pack, type Pack } from "tar-stream";
import { diskFull, isFull } from "../store/disk-full.ts";
import { syncDirectory } from "../config/durable-file.ts";
import {
  entriesOf,
  MANIFEST,
  PARTS,
  vanished,
  Vanished,
  type Found,
  type Manifest,
  type ManifestEntry,
} from "./entries.ts";
import { isHalfRestored } from "./finish-restore.ts";
import { removeLeftovers, removeParts, SCRATCH } from "./leftovers.ts";
import { undisturbed } from "./undisturbed.ts";

export interface WrittenBackup {
  file: string;
  /** Of everything in it, before it is compressed. */
  bytes: number;
  files: number;
}

/**
 * Writes what the worker of this directory knows into one file, which is there whole or not at all; the agent may run. Secrets and homes are not
 * in it. Throws `config_invalid` where no worker is, or one that is only partly restored, `invalid_input` where the file exists, `repository_busy`.
 */
export async function writeBackup(configDir: string, file: string, now: number): Promise<WrittenBackup> {
  if (isHalfRestored(configDir)) throw halfRestored(configDir);
  if (!existsSync(join(configDir, "state.db"))) throw noWorker(configDir);
  if (existsSync(file)) throw taken(file);
  requireDirectory(file);
  removeLeftovers(configDir, now);
  removeParts(dirname(file), file, now);
  return undisturbed(() => writeOnce(configDir, file, now));
}

async function writeOnce(configDir: string, file: string, now: number): Promise<WrittenBackup> {
  const state = join(configDir, "state.db");
  const { ino } = statSync(state);
  const scratch = mkdtempSync(join(configDir, SCRATCH.backup));
  const part = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString("hex")}`);
  const tar = pack();
  let ending: Promise<unknown> = Promise.resolve();
  try {
    copyState(state, join(scratch, "state.db"));
    const out = createWriteStream(part, { mode: 0o600, flags: "wx", flush: true });
    const written = pipeline(tar as unknown as Readable, createZstdCompress(), out);
    // It is waited for below; what fails first is told.
    ending = written.catch((error: unknown) => tar.destroy(error as Error));
    const entries: ManifestEntry[] = [];
    for (const found of entriesOf(scratch, ["state.db"])) entries.push(await add(tar, scratch, found));
    for (const found of entriesOf(configDir, PARTS.slice(1))) entries.push(await add(tar, configDir, found));
    const manifest: Manifest = { format: 1, created: new Date(now).toISOString(), entries };
    tar.entry({ name: MANIFEST, mode: 0o600 }, JSON.stringify(manifest));
    tar.finalize();
    await written;
    if (isHalfRestored(configDir)) throw halfRestored(configDir);
    if (statSync(state, { throwIfNoEntry: false })?.ino !== ino) throw new Vanished("another state was put there");
    // Another one may have been put there meanwhile.
    if (existsSync(file)) throw taken(file);
    renameSync(part, file);
    syncDirectory(dirname(file));
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    return { file, bytes, files: entries.filter(({ type }) => type === "file").length };
  } catch (error) {
    tar.destroy();
    // Until then the part may still be made.
    await ending;
    throw isFull(error) ? diskFull(error) : error;
  } finally {
    rmSync(part, { force: true });
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** As it is at one instant, with what is still in the log of the database. */
function copyState(from: string, to: string): void {
  const db = new DatabaseSync(from);
  try {
    db.exec("PRAGMA busy_timeout = 5000");
    db.prepare("VACUUM INTO ?").run(to);
  } finally {
    db.close();
  }
}

async function add(tar: Pack, directory: string, { path, type, isExecutable }: Found): Promise<ManifestEntry> {
  const mode = isExecutable ? 0o700 : 0o600;
  if (type === "directory") {
    tar.entry({ name: path, type, mode });
    return { path, type, bytes: 0, sha256: "" };
  }
  await using source = await open(join(directory, path)).catch((error: unknown) =>
    Promise.reject(vanished(path, error)),
  );
  const { size } = await source.stat();
  const done = Promise.withResolvers<void>();
  const entry = tar.entry({ name: path, size, mode }, (error) =>
    error == null ? done.resolve() : done.reject(error),
  ) as unknown as Writable;
  const hash = createHash("sha256");
  // Exactly as much as was said, also of one that grows meanwhile.
  if (size > 0) {
    for await (const bytes of source.createReadStream({ start: 0, end: size - 1, autoClose: false })) {
      hash.update(bytes as Buffer);
      if (!entry.write(bytes)) await new Promise<void>((resolve) => void entry.once("drain", () => resolve()));
    }
  }
  entry.end();
  await done.promise;
  return { path, type, bytes: size, sha256: hash.digest("hex") };
}

function noWorker(configDir: string): WsError {
  return new WsError("config_invalid", {
    message: `There is no worker in ${configDir}.`,
    next: "Run this on the worker itself, with its WS_CONFIG_DIR.",
    data: { file: configDir },
  });
}

function halfRestored(configDir: string): WsError {
  return new WsError("config_invalid", {
    message: `A restore into ${configDir} was cut short: what lies there is partly of the one state and partly of the other.`,
    next: "Start the agent, which finishes it: ws agent run. Then take the backup.",
    data: { file: configDir },
  });
}

function requireDirectory(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new WsError("invalid_input", {
      message: `Nothing can be written in ${excerpt(dirname(file))} (${(error as NodeJS.ErrnoException).code}).`,
      next: "Name a file in a directory that is there and can be written.",
      data: { field: "file" },
      cause: error,
    });
  }
}

function taken(file: string): WsError {
  return new WsError("invalid_input", {
    message: `${excerpt(file)} exists already, and is not written over.`,
    next: "Name another file, or move that one away.",
    data: { field: "file" },
  });
}
