import { type BigIntStats, lstat as lstatCalling, type Stats } from "node:fs";
import { lstat, type FileHandle, readdir, readlink } from "node:fs/promises";
import { confinedFault, type ConfinedEntry, type ConfinedStat } from "@ws/workspace-core";
import { fdPath } from "../contained-path.ts";
import { codeOf } from "../file-errors.ts";

/** What lies there, or nothing where there is none. */
export async function statAt(at: string, path: string): Promise<ConfinedStat | undefined> {
  const stat = await lstat(at, { bigint: true }).catch(absent);
  if (stat === undefined) return undefined;
  if (!stat.isSymbolicLink()) return toConfined(stat, path, undefined);
  const target = await readlink(at).catch(changed);
  return target === undefined ? statAt(at, path) : toConfined(stat, path, target);
}

export async function statOpen(file: FileHandle, path: string): Promise<ConfinedStat> {
  return toConfined(await file.stat({ bigint: true }), path, undefined);
}

/** Throws for what is no regular file. */
export function requireRegular(stat: ConfinedStat, path: string): void {
  if (stat.type === "directory") throw confinedFault("is_a_directory", path);
  if (stat.type === "symlink") throw confinedFault("not_a_regular_file", path, `is a link to '${stat.target}'`);
  if (stat.type !== "file") throw confinedFault("not_a_regular_file", path);
}

/** So many calls at once keep the pool of threads busy without holding a large directory's worth of promises. */
const AT_ONCE = 128;
const DEEPEST = 1_000;

/** The entries of an open directory, by name. */
export async function entriesOf(directory: FileHandle, signal: AbortSignal | undefined): Promise<ConfinedEntry[]> {
  const here = fdPath(directory);
  return eachOf(await namesIn(here), (name) => entryAt(`${here}/${name}`, name), signal);
}

/** What lies at a name, with no more than a listing tells: of very many that is nearly all it takes. */
async function entryAt(at: string, name: string): Promise<ConfinedEntry | undefined> {
  const stat = await look(at);
  if (stat === undefined) return undefined;
  const { size, mtimeMs } = stat;
  const entry = { name, type: typeOf(stat), size, mode: stat.mode & 0o7777, modifiedAt: Math.trunc(mtimeMs) };
  if (!stat.isSymbolicLink()) return entry;
  const target = await readlink(at).catch(changed);
  return target === undefined ? entryAt(at, name) : { ...entry, target };
}

/** Calls back, which takes half of what a promise of Node's does. */
function look(at: string): Promise<Stats | undefined> {
  return new Promise((resolve, reject) => {
    lstatCalling(at, (error, stat) => {
      if (error === null) resolve(stat);
      else if (codeOf(error) === "ENOENT") resolve(undefined);
      else reject(error);
    });
  });
}

async function namesIn(directory: string): Promise<string[]> {
  return (await readdir(directory)).sort();
}

async function eachOf<T>(
  names: readonly string[],
  look: (name: string) => Promise<T | undefined>,
  signal: AbortSignal | undefined,
): Promise<T[]> {
  const found: T[] = [];
  for (let start = 0; start < names.length; start += AT_ONCE) {
    signal?.throwIfAborted();
    for (const each of await Promise.all(names.slice(start, start + AT_ONCE).map(look)))
      if (each !== undefined) found.push(each);
  }
  return found;
}

/** Calls for everything below an open directory, by its path from the root; links are seen and not followed. */
export async function eachBelow(
  directory: FileHandle,
  path: string,
  visit: (stat: ConfinedStat) => void,
  open: (at: string) => Promise<FileHandle>,
  signal: AbortSignal | undefined,
): Promise<void> {
  // Each level holds a descriptor of the agent's.
  if (path.split("/").length > DEEPEST) throw confinedFault("invalid_input", path, "what lies below it is too deep");
  const here = fdPath(directory);
  const lying = (name: string): Promise<ConfinedStat | undefined> => statAt(`${here}/${name}`, `${path}/${name}`);
  for (const stat of await eachOf(await namesIn(here), lying, signal)) {
    visit(stat);
    if (stat.type !== "directory") continue;
    await using below = await open(`${here}/${stat.path.slice(path.length + 1)}`);
    await eachBelow(below, stat.path, visit, open, signal);
  }
}

function toConfined(stat: BigIntStats, path: string, target: string | undefined): ConfinedStat {
  return {
    path,
    type: typeOf(stat),
    size: Number(stat.size),
    mode: Number(stat.mode & 0o7777n),
    modifiedAt: Number(stat.mtimeMs),
    links: Number(stat.nlink),
    version: `${stat.mtimeNs.toString(36)}.${stat.size.toString(36)}.${stat.ino.toString(36)}`,
    ...(target === undefined ? {} : { target }),
  };
}

function typeOf(stat: Stats | BigIntStats): ConfinedStat["type"] {
  return stat.isFile() ? "file" : stat.isDirectory() ? "directory" : stat.isSymbolicLink() ? "symlink" : "other";
}

/** No link any more since it was seen to be one. */
function changed(error: unknown): undefined {
  if (codeOf(error) === "EINVAL" || codeOf(error) === "ENOENT") return undefined;
  throw error;
}

function absent(error: unknown): undefined {
  // Removed since it was seen.
  if (codeOf(error) === "ENOENT") return undefined;
  throw error;
}
