import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  accessSync,
  constants,
  createWriteStream,
  existsSync,
  linkSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
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
  MOST_MANIFEST,
  PARTS,
  SECRETS,
  vanished,
  Vanished,
  type Found,
  type Manifest,
  type ManifestEntry,
} from "./entries.ts";
import { isHalfRestored } from "./finish-restore.ts";
import { removeLeftovers, removeParts, SCRATCH } from "./leftovers.ts";
import { closeSecrets, requireStrong, type Passphrase } from "./secret-files.ts";
import { undisturbed } from "./undisturbed.ts";

export interface WrittenBackup {
  file: string;
  /** Of everything in it, before it is compressed. */
  bytes: number;
  files: number;
}

export interface BackupOptions {
  now: number;
  /** Closes the secrets, which are in the backup then. */
  passphrase?: Passphrase;
}

/**
 * Writes what the worker of this directory knows into one file, which is there whole or not at all; the agent may run. Homes are not in it, and secrets only
 * closed with a passphrase. Throws `config_invalid` where no worker is, or one that is only partly restored, `invalid_input` where the file exists or the
 * passphrase is weak, `repository_busy`, `disk_full`.
 */
export async function writeBackup(configDir: string, file: string, options: BackupOptions): Promise<WrittenBackup> {
  const { now, passphrase } = options;
  if (passphrase !== undefined) requireStrong(passphrase);
  if (isHalfRestored(configDir)) throw halfRestored(configDir);
  if (!existsSync(join(configDir, "state.db"))) throw noWorker(configDir);
  if (existsSync(file)) throw taken(file);
  requireDirectory(file);
  removeLeftovers(configDir, now);
  removeParts(dirname(file), file, now);
  return undisturbed(() => writeOnce(configDir, file, options));
}

async function writeOnce(configDir: string, file: string, { now, passphrase }: BackupOptions): Promise<WrittenBackup> {
  const state = join(configDir, "state.db");
  const { ino } = statSync(state);
  const scratch = mkdtempSync(join(configDir, SCRATCH.backup));
  const part = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString("hex")}`);
  const tar = pack();
  let ending: Promise<unknown> = Promise.resolve();
  try {
    copyState(state, join(scratch, "state.db"));
    // After the state: what that was sealed with is there by then.
    if (passphrase !== undefined) {
      writeFileSync(join(scratch, SECRETS), await closeSecrets(configDir, passphrase), { mode: 0o600 });
    }
    const out = createWriteStream(part, { mode: 0o600, flags: "wx", flush: true });
    const written = pipeline(tar as unknown as Readable, createZstdCompress(), out);
    // It is waited for below; what fails first is told.
    ending = written.catch((error: unknown) => tar.destroy(error as Error));
    const entries: ManifestEntry[] = [];
    for (const [from, parts] of [
      [scratch, ["state.db", SECRETS]],
      [configDir, PARTS.slice(1)],
    ] as const) {
      for (const found of entriesOf(from, parts)) entries.push(await add(tar, from, found, ending));
    }
    tar.entry(
      { name: MANIFEST, mode: 0o600 },
      manifestOf({ format: 1, created: new Date(now).toISOString(), entries }),
    );
    tar.finalize();
    await written;
    if (isHalfRestored(configDir)) throw halfRestored(configDir);
    if (statSync(state, { throwIfNoEntry: false })?.ino !== ino) throw new Vanished("another state was put there");
    putInPlace(part, file);
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

/** Never over another one, which may have been put there meanwhile. */
function putInPlace(part: string, file: string): void {
  try {
    linkSync(part, file);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" || existsSync(file)) throw taken(file);
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(code)) throw error;
    // A file system without links: of the instant between the two, nobody can be kept out.
    renameSync(part, file);
  }
}

/** Throws `invalid_input` for one that no restore would read. */
function manifestOf(manifest: Manifest): string {
  const text = JSON.stringify(manifest);
  if (text.length <= MOST_MANIFEST) return text;
  throw new WsError("invalid_input", {
    message: `There are too many files for one backup (${manifest.entries.length}).`,
    next: "Have git pack the worker's repositories: git -C REPOSITORY gc. Nothing was written.",
    data: { field: "file" },
  });
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

/** `ending` resolves where nothing more is taken, because what was made of it before could not be written. */
async function add(
  tar: Pack,
  directory: string,
  { path, type, isExecutable }: Found,
  ending: Promise<unknown>,
): Promise<ManifestEntry> {
  const mode = isExecutable ? 0o700 : 0o600;
  if (type === "directory") {
    tar.entry({ name: path, type, mode });
    return { path, type, bytes: 0, sha256: "" };
  }
  await using source = await open(join(directory, path), PLAINLY).catch((error: unknown) =>
    Promise.reject(vanished(path, error)),
  );
  const found = await source.stat();
  if (!found.isFile()) throw new Vanished(`${path} is no file any more`);
  const { size } = found;
  const done = Promise.withResolvers<void>();
  const entry = tar.entry({ name: path, size, mode }, (error) =>
    error == null ? done.resolve() : done.reject(error),
  ) as unknown as Writable;
  // It is waited for at the end; what fails before is told.
  done.promise.catch(() => undefined);
  const hash = createHash("sha256");
  let bytes = 0;
  // Exactly as much as was said, also of one that grows meanwhile.
  if (size > 0) {
    for await (const chunk of source.createReadStream({ start: 0, end: size - 1, autoClose: false })) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (!entry.write(chunk)) await Promise.race([once(entry, "drain"), done.promise, ending]);
      if (entry.destroyed) break;
    }
  }
  // What is shorter than it was said to be, the archive would wait for.
  if (bytes < size && !entry.destroyed) throw new Vanished(`${path} became shorter`);
  entry.end();
  await Promise.race([done.promise, ending]);
  return { path, type, bytes: size, sha256: hash.digest("hex") };
}

/** Through no link, and without waiting for somebody at the other end of a pipe, that was put there since it was listed. */
const PLAINLY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

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
