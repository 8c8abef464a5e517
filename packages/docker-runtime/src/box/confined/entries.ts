import type { ConfinedEntry, ConfinedStat } from "@ws/workspace-core";

import { nonsense } from "./nonsense.ts";

/** From `type mode size time links version`, NUL, the path, NUL, what a link says. */
export function parseStat(field: Buffer | undefined): ConfinedStat {
  const [numbers = "", path, target] = (field ?? Buffer.alloc(0)).toString("utf8").split("\0");
  const found = SHAPE.exec(numbers);
  if (found === null || path === undefined || target === undefined) throw nonsense("no entry");
  const [, type = "other", mode, size, modified, links, version = ""] = found;
  return {
    path,
    type: type as ConfinedStat["type"],
    mode: Number(mode),
    size: Number(size),
    modifiedAt: Number(modified),
    links: Number(links),
    version,
    ...(type === "symlink" ? { target } : {}),
  };
}

export function parseEntry(field: Buffer): ConfinedEntry {
  const { path: name, type, size, mode, modifiedAt, target } = parseStat(field);
  return { name, type, size, mode, modifiedAt, ...(target === undefined ? {} : { target }) };
}

const SHAPE = /^(file|directory|symlink|other) (\d{1,5}) (\d{1,20}) (-?\d{1,20}) (\d{1,10}) ([-0-9.]{1,80})$/;
