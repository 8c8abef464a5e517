import { constants } from "node:fs";
import { chmod, lstat, open, readdir, rename, rm, rmdir, unlink } from "node:fs/promises";
import { codeOf } from "./file-errors.ts";

// Each level holds a descriptor: deeper than this, a directory is moved up before it is emptied.
const DEEPEST = 64;

/**
 * Removes an entry with all it holds; what is absent is success. Links are removed and never followed, not even where one takes the
 * place of a directory meanwhile; directories without write permission are made writable first.
 */
export async function removeTree(path: string, signal?: AbortSignal): Promise<void> {
  const stat = await lstat(path).catch(absent);
  if (stat === undefined) return;
  if (!stat.isDirectory()) return removeEntry(path);
  if (process.platform !== "linux") return rm(path, { recursive: true, force: true });
  await removeDirectory(path, undefined, 0, signal);
}

async function removeDirectory(path: string, top: Top | undefined, depth: number, signal?: AbortSignal): Promise<void> {
  const directory = await openWritable(path);
  if (directory === undefined) return removeEntry(path);
  {
    await using handle = directory;
    const here = `/proc/self/fd/${handle.fd}`;
    const root = top ?? { path: here, moved: 0 };
    // Again until nothing is left: moving directories up adds to the topmost, and processes may still write.
    for (let names = await readdir(here); names.length > 0; names = await readdir(here)) {
      for (const name of names) {
        signal?.throwIfAborted();
        await removeOne(`${here}/${name}`, root, depth, signal);
      }
    }
  }
  await rmdir(path).catch(absent);
}

interface Top {
  readonly path: string;
  moved: number;
}

async function removeOne(path: string, top: Top, depth: number, signal?: AbortSignal): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    // Linux answers EISDIR for a directory, POSIX says EPERM.
    if (codeOf(error) === "ENOENT") return;
    if (codeOf(error) !== "EISDIR" && codeOf(error) !== "EPERM") throw error;
    if (depth < DEEPEST) return removeDirectory(path, top, depth + 1, signal);
    await (await openWritable(path))?.close();
    top.moved += 1;
    await rename(path, `${top.path}/.ws-removed-${top.moved}`);
  }
}

/** Nothing where it is no directory any more. */
async function openWritable(path: string): Promise<Awaited<ReturnType<typeof open>> | undefined> {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  try {
    const handle = await open(path, flags);
    const { mode } = await handle.stat();
    if ((mode & 0o300) !== 0o300) await handle.chmod(0o700).catch(() => undefined);
    return handle;
  } catch (error) {
    if (codeOf(error) === "ENOTDIR" || codeOf(error) === "ELOOP" || codeOf(error) === "ENOENT") return undefined;
    if (codeOf(error) !== "EACCES") throw error;
    await makeReadable(path);
    return open(path, flags);
  }
}

async function makeReadable(path: string): Promise<void> {
  const O_PATH = 0o10000000;
  await using handle = await open(path, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  await chmod(`/proc/self/fd/${handle.fd}`, 0o700);
}

async function removeEntry(path: string): Promise<void> {
  await unlink(path).catch(absent);
}

function absent(error: unknown): undefined {
  if (codeOf(error) === "ENOENT") return undefined;
  throw error;
}
