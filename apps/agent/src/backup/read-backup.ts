import { createHash } from "node:crypto";
import { closeSync, createReadStream, mkdirSync, openSync, readSync, statfsSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdDecompress } from "node:zlib";
import { WsError } from "@ws/workspace-core";
import { extract, type Header } from "tar-stream";
import { z } from "zod";
import { syncDirectory } from "../config/durable-file.ts";
import { isFull } from "../store/disk-full.ts";
import { isEntry, MANIFEST, MOST_MANIFEST, type Manifest, type ManifestEntry } from "./entries.ts";

/** What a backup leaves of the disk: a small file can hold a large one, and others write there, too. */
const LEAST_FREE = 64 * 1024 * 1024;
const LEAST_INODES = 1_000;
/** What is smaller is only looked at now and then. */
const LARGE = 1024 * 1024;

const shape = z.strictObject({
  format: z.literal(1),
  created: z.string(),
  entries: z.array(
    z.strictObject({ path: z.string(), type: z.enum(["file", "directory"]), bytes: z.number(), sha256: z.string() }),
  ),
});

/**
 * Unpacks a backup into an empty directory, and compares all of it with what its manifest says; on the disk when it resolves. Throws `backup_invalid`,
 * `disk_full`.
 */
export async function readBackup(file: string, into: string): Promise<Manifest> {
  const seen = new Map<string, ManifestEntry>();
  let manifest: Manifest | undefined;
  try {
    const tar = extract();
    const reading = pipeline(createReadStream(file), createZstdDecompress(), tar as unknown as Writable);
    // It is waited for below; what fails first is told.
    reading.catch((error: unknown) => tar.destroy(error as Error));
    for await (const entry of tar) {
      const { name, size } = entry.header;
      const path = name.replace(/\/$/, "");
      requireRoom(into, size, seen.size);
      if (manifest !== undefined || seen.has(path)) throw new Error(`'${path}' is where nothing should be`);
      if (path === MANIFEST) manifest = shape.parse(JSON.parse(await textOf(entry)));
      else seen.set(path, await unpack(entry, entry.header, { path, into }));
    }
    await reading;
    // Every name is on the disk, too, before anything is moved.
    for (const { path, type } of seen.values()) if (type === "directory") syncDirectory(join(into, path));
  } catch (error) {
    throw isFull(error) ? noRoom(error) : invalid(file, error);
  }
  if (manifest === undefined) throw invalid(file, new Error("its end is missing"));
  const differing = manifest.entries.find((wanted) => !isSame(wanted, seen.get(wanted.path)));
  if (differing !== undefined) throw invalid(file, new Error(`'${differing.path}' is not as it was written`));
  if (seen.size !== manifest.entries.length) throw invalid(file, new Error("it holds more than it says"));
  if (!seen.has("state.db")) throw invalid(file, new Error("it has no state"));
  return manifest;
}

/** Before it is written: a disk that is full takes others' work along. Throws `disk_full`. */
function requireRoom(directory: string, size: number, count: number): void {
  if (size < LARGE && count % 100 !== 0) return;
  const { bavail, bsize, ffree, files } = statfsSync(directory);
  const isShort = bavail * bsize - size < LEAST_FREE || (files > 0 && ffree < LEAST_INODES);
  if (isShort) throw Object.assign(new Error("there is no room for it"), { code: "ENOSPC" });
}

function noRoom(cause: unknown): WsError {
  return new WsError("disk_full", {
    message: "There is no room for the backup on the disk of the worker's config.json.",
    next: "Free space there, then try again. Nothing was changed.",
    data: { freeBytes: 0 },
    cause,
  });
}

function isSame(wanted: ManifestEntry, found: ManifestEntry | undefined): boolean {
  return found?.type === wanted.type && found.bytes === wanted.bytes && found.sha256 === wanted.sha256;
}

type Content = AsyncIterable<unknown> & { resume(): unknown };

async function unpack(
  source: Content,
  { type, mode }: Header,
  { path, into }: { path: string; into: string },
): Promise<ManifestEntry> {
  if ((type !== "file" && type !== "directory") || !isEntry({ path, type })) {
    throw new Error(`'${path}' is nothing that a backup has`);
  }
  const at = join(into, path);
  if (type === "directory") {
    mkdirSync(at, { recursive: true, mode: 0o700 });
    source.resume();
    return { path, type, bytes: 0, sha256: "" };
  }
  mkdirSync(dirname(at), { recursive: true, mode: 0o700 });
  // Nothing lies there yet, and nothing that was unpacked is a link.
  await using target = await open(at, "wx", (mode & 0o100) === 0 ? 0o600 : 0o700);
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of source) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    await target.writeFile(chunk as Buffer);
  }
  await target.sync();
  return { path, type, bytes, sha256: hash.digest("hex") };
}

async function textOf(source: Content): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_MANIFEST) throw new Error("its manifest is too large");
    parts.push(chunk as Buffer);
  }
  return Buffer.concat(parts).toString();
}

/**
 * Looks at how a file begins, before anybody is asked about it. What can be read only once, such as a pipe, is left alone. Throws `backup_invalid`.
 */
export function requireBackup(file: string): void {
  try {
    const found = statSync(file);
    if (!found.isFile() && !found.isDirectory()) return;
    const descriptor = openSync(file, "r");
    try {
      const beginning = Buffer.alloc(ZSTD.length);
      readSync(descriptor, beginning);
      if (!beginning.equals(ZSTD)) throw Object.assign(new Error("another format"), { code: OTHER_FORMAT });
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw invalid(file, error);
  }
}

const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const OTHER_FORMAT = "ZSTD_error_prefix_unknown";

/** What those who read a backup say in words of their own. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "it is not there",
  EISDIR: "it is a directory",
  Z_BUF_ERROR: "its end is missing",
  [OTHER_FORMAT]: "it is no backup of ws",
};

export function invalid(file: string, cause: unknown): WsError {
  const { code = "", message } = cause as NodeJS.ErrnoException;
  return new WsError("backup_invalid", {
    message: `${file} cannot be restored: ${REASONS[code] ?? message}.`,
    next: "Use another backup. Nothing was changed.",
    data: { file },
    cause,
  });
}
