import type { ConfinedEntry, ConfinedStat } from "@ws/workspace-core";

import { isEntryName } from "../entry-name.ts";
import { nonsense } from "./nonsense.ts";

/** From `type mode size time links version`, NUL, the path, NUL, what a link says. */
export function parseStat(field: Buffer | undefined): ConfinedStat {
  const [numbers = "", path, target] = (field ?? Buffer.alloc(0)).toString("utf8").split("\0");
  const found = SHAPE.exec(numbers);
  if (found === null || path === undefined || target === undefined) throw nonsense("no entry");
  const [, type = "other", mode, size, modified, links, version = ""] = found;
  if (Number(mode) > 0o7777) throw nonsense(`a mode of ${mode}`);
  return {
    path: requirePath(path),
    type: type as ConfinedStat["type"],
    mode: Number(mode),
    size: Number(size),
    modifiedAt: Number(modified),
    links: Number(links),
    version,
    ...(type === "symlink" ? { target } : {}),
  };
}

/** From its mode in four bytes, size and time as numbers of eight, then the name, and of a link NUL and what it says. */
export function parseEntry(field: Buffer): ConfinedEntry {
  if (field.length <= NAME_AT) throw nonsense("no entry of a directory");
  const mode = field.readUInt32BE(0);
  const [size, modifiedAt] = [field.readDoubleBE(4), field.readDoubleBE(12)];
  // Some file systems keep times that are far beyond any calendar; a size is what one can have.
  if (!Number.isSafeInteger(size) || size < 0 || !Number.isInteger(modifiedAt))
    throw nonsense("no size or time of an entry");
  const type = TYPES[mode & 0o170000] ?? "other";
  const end = type === "symlink" ? field.indexOf(0, NAME_AT) : field.length;
  if (end === -1) throw nonsense("a link without what it says");
  const name = field.toString("utf8", NAME_AT, end);
  if (!isEntryName(name)) throw nonsense(`an entry '${name}'`);
  const entry = { name, type, size, mode: mode & 0o7777, modifiedAt };
  return type === "symlink" ? { ...entry, target: field.toString("utf8", end + 1) } : entry;
}

/** Where something really lies below the root: whoever unpacks what was read goes by it. */
export function parsePath(field: Buffer | undefined): string {
  if (field === undefined) throw nonsense("nothing of where it lies");
  return requirePath(field.toString("utf8"));
}

function requirePath(path: string): string {
  if (path !== "" && !path.split("/").every(isEntryName)) throw nonsense(`the path '${path}'`);
  return path;
}

const NAME_AT = 20;
const TYPES: Readonly<Record<number, ConfinedEntry["type"]>> = {
  0o100000: "file",
  0o040000: "directory",
  0o120000: "symlink",
};

const SHAPE = /^(file|directory|symlink|other) (\d{1,5}) (\d{1,20}) (-?\d{1,20}) (\d{1,10}) ([-0-9.]{1,80})$/;
