import type { BigIntStats } from "node:fs";
import { lstat, type FileHandle, readdir, readlink } from "node:fs/promises";
import { confinedFault, type ConfinedEntry, type ConfinedStat } from "@ws/workspace-core";
import { fdPath } from "../contained-path.ts";
import { codeOf } from "../file-errors.ts";
import type { Held } from "./walk.ts";

/** What is held, or nothing where there is none. */
export async function statHeld(held: Held): Promise<ConfinedStat | undefined> {
  if (held.missing.length > 0) return undefined;
  return statAt(held.at, held.path);
}

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
  return (await statsIn(directory, "", signal)).map(([name, stat]) => toEntry(name, stat));
}

async function statsIn(
  directory: FileHandle,
  path: string,
  signal: AbortSignal | undefined,
): Promise<[name: string, stat: ConfinedStat][]> {
  const here = fdPath(directory);
  const names = (await readdir(here)).sort();
  const found: [string, ConfinedStat][] = [];
  for (let start = 0; start < names.length; start += AT_ONCE) {
    signal?.throwIfAborted();
    const some = names.slice(start, start + AT_ONCE);
    const stats = await Promise.all(some.map((name) => statAt(`${here}/${name}`, `${path}/${name}`)));
    for (const [index, name] of some.entries()) {
      const stat = stats[index];
      if (stat !== undefined) found.push([name, stat]);
    }
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
  for (const [name, stat] of await statsIn(directory, path, signal)) {
    visit(stat);
    if (stat.type !== "directory") continue;
    await using below = await open(`${fdPath(directory)}/${name}`);
    await eachBelow(below, stat.path, visit, open, signal);
  }
}

function toEntry(name: string, { type, size, mode, modifiedAt, target }: ConfinedStat): ConfinedEntry {
  return { name, type, size, mode, modifiedAt, ...(target === undefined ? {} : { target }) };
}

function toConfined(stat: BigIntStats, path: string, target: string | undefined): ConfinedStat {
  return {
    path,
    type: stat.isFile() ? "file" : stat.isDirectory() ? "directory" : stat.isSymbolicLink() ? "symlink" : "other",
    size: Number(stat.size),
    mode: Number(stat.mode & 0o7777n),
    modifiedAt: Number(stat.mtimeMs),
    links: Number(stat.nlink),
    version: `${stat.mtimeNs.toString(36)}.${stat.size.toString(36)}.${stat.ino.toString(36)}`,
    ...(target === undefined ? {} : { target }),
  };
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
