import { randomBytes } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { lstat, open, readdir, rename, unlink, type FileHandle } from "node:fs/promises";
import type { BoxFiles, Bytes, ByteSource, FileEntry, FileStat } from "@ws/workspace-core";
import type { Locate } from "./contained-path.ts";
import { codeOf, fileError, unusable } from "./file-errors.ts";
import { removeTree } from "./remove-tree.ts";

const CHUNK = 262_144;
// O_NONBLOCK: opening a FIFO that nobody writes to must not wait. O_NOFOLLOW: the walk has already followed what may be followed.
export const READ = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY;
export const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * The files of one workspace, held inside the directories that `locate` knows. Reads and writes regular files only. While `failure`
 * gives an error, every call throws it.
 */
export function createContainedFiles(locateAny: Locate, failure: () => Error | undefined = () => undefined): BoxFiles {
  const locate: Locate = (path, options) => {
    const error = failure();
    return error === undefined ? locateAny(path, options) : Promise.reject(error);
  };
  return {
    async stat(path, signal) {
      return about(path, signal, async () => {
        await using place = await locate(path);
        return toStat(await lstat(place.at));
      });
    },
    async list(path, signal) {
      return about(path, signal, async () => {
        await using place = await locate(path, { followLast: true });
        await using directory = await open(place.at, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
        return await entriesOf(process.platform === "linux" ? `/proc/self/fd/${directory.fd}` : place.at, signal);
      });
    },
    read: (path, options = {}) => readFrom(locate, path, options),
    async write(path, content, options = {}) {
      await about(path, options.signal, async () => {
        // A link is replaced, not followed.
        await using place = await locate(path);
        if (place.isMount) throw unusable(path, "it is a directory");
        await replace(place, path, content, options);
      });
    },
    async mkdir(path, signal) {
      await about(path, signal, async () => {
        await using _place = await locate(path, { make: true });
      });
    },
    async rename(from, to, signal) {
      await about(from, signal, async () => {
        await using source = await locate(from);
        await using target = await locate(to);
        if (source.isMount || target.isMount)
          throw unusable(from, "the workspace's own directories stay where they are");
        await rename(source.at, target.at);
      });
    },
    async remove(path, signal) {
      await about(path, signal, async () => {
        try {
          await using place = await locate(path);
          if (place.isMount) throw unusable(path, "the workspace's own directories are removed with the workspace");
          await removeTree(place.at, signal);
        } catch (error) {
          if (fileError(error, path).code !== "file_not_found") throw error;
        }
      });
    },
  };
}

async function* readFrom(
  locate: Locate,
  path: string,
  { offset = 0, length = Number.POSITIVE_INFINITY, signal }: { offset?: number; length?: number; signal?: AbortSignal },
): ByteSource {
  await using file = await about(path, signal, () => openRegular(locate, path));
  let position = offset;
  const end = offset + length;
  while (position < end) {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK, end - position));
    const { bytesRead } = await about(path, signal, () => file.read(buffer, 0, buffer.length, position));
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function openRegular(locate: Locate, path: string): Promise<FileHandle> {
  await using place = await locate(path, { followLast: true });
  requireRegular(await lstat(place.at), path);
  const file = await open(place.at, READ);
  try {
    requireRegular(await file.stat(), path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Beside the old file and then over it, so that its own directory's device, space and rights decide. */
async function replace(
  place: { at: string; parent: string },
  path: string,
  content: ByteSource | Bytes,
  options: { mode?: number; signal?: AbortSignal },
): Promise<void> {
  const old = await lstat(place.at).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  });
  if (old?.isSymbolicLink() === false) requireRegular(old, path);
  const beside = `${place.parent}/.ws-${randomBytes(9).toString("base64url")}`;
  const file = await open(beside, CREATE, 0o600);
  try {
    await using _file = file;
    for await (const part of content instanceof Uint8Array ? [content] : content) {
      options.signal?.throwIfAborted();
      await writeAll(file, part);
    }
    await file.chmod(options.mode ?? (old?.isFile() === true ? old.mode & 0o7777 : 0o644));
    options.signal?.throwIfAborted();
    await rename(beside, place.at);
  } catch (error) {
    await unlink(beside).catch(() => undefined);
    throw error;
  }
}

export async function writeAll(file: FileHandle, part: Bytes): Promise<void> {
  for (let done = 0; done < part.length;) done += (await file.write(part, done)).bytesWritten;
}

async function entriesOf(directory: string, signal: AbortSignal | undefined): Promise<FileEntry[]> {
  const names = await readdir(directory);
  const entries: FileEntry[] = [];
  for (let start = 0; start < names.length; start += 64) {
    signal?.throwIfAborted();
    const some = names.slice(start, start + 64).map(async (name) => {
      const stat = await lstat(`${directory}/${name}`).catch((error: unknown) => {
        // Removed since it was listed.
        if (codeOf(error) === "ENOENT") return undefined;
        throw error;
      });
      if (stat !== undefined) entries.push({ name, ...toStat(stat) });
    });
    await Promise.all(some);
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function about<T>(path: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    signal?.throwIfAborted();
    return await work();
  } catch (error) {
    throw fileError(signal?.aborted === true ? abortError() : error, path);
  }
}

function abortError(): Error {
  return new DOMException("The operation was cancelled.", "AbortError");
}

function requireRegular(stat: Stats, path: string): void {
  if (stat.isDirectory()) throw unusable(path, "it is a directory");
  if (!stat.isFile()) throw unusable(path, "it is not a regular file");
}

function toStat(stat: Stats): FileStat {
  return {
    type: stat.isFile() ? "file" : stat.isDirectory() ? "directory" : stat.isSymbolicLink() ? "symlink" : "other",
    size: stat.size,
    mode: stat.mode & 0o7777,
    modifiedAt: Math.round(stat.mtimeMs),
  };
}
