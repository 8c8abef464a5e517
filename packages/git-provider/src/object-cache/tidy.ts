import { stat } from "node:fs/promises";
import { join } from "node:path";
import { runSimpleGit } from "../worker-git/run-simple-git.ts";
import type { CachePaths } from "./layout.ts";
import { beginIncoming } from "./incoming.ts";
import { packFiles, removePacks } from "./packs.ts";

const MOST_PACKS = 16;

/**
 * Makes one pack of many small ones, with every object in them: what nobody's branch reaches any more stays too. Workspaces
 * keep the old packs by links of their own. The caller holds the cache's lock.
 */
export async function tidy(cache: CachePaths, signal: AbortSignal): Promise<void> {
  const directory = join(cache.objects, "pack");
  const names = (await packFiles(directory)).filter((name) => name.endsWith(".pack"));
  if (names.length <= MOST_PACKS) return;
  const sized = await Promise.all(
    names.map(async (name) => ({ name, size: (await stat(join(directory, name))).size })),
  );
  const old = small(sized);
  await using incoming = await beginIncoming(cache, { anew: false });
  const made = await runSimpleGit(
    ["pack-objects", "--stdin-packs", "--delta-base-offset", "--quiet", join(incoming.directory, "objects/pack/pack")],
    { directory: incoming.directory, signal, stdin: old.map((name) => `${name}\n`).join("") },
  );
  if (made.code !== 0) throw new Error(made.stderr);
  const came = new Set(await incoming.add());
  const gone = new Set(old.map(baseOf));
  await removePacks(cache.objects, (name) => gone.has(baseOf(name)) && !came.has(name));
}

function baseOf(name: string): string {
  return name.slice(0, name.lastIndexOf("."));
}

/** All but those that are larger than everything smaller together, so that a byte is packed again ever more seldom. */
function small(packs: readonly { name: string; size: number }[]): string[] {
  const sorted = packs.toSorted((a, b) => a.size - b.size);
  let sum = 0;
  let end = 0;
  for (const [index, { size }] of sorted.entries()) {
    if (size <= sum || index < 2) end = index + 1;
    sum += size;
  }
  return sorted.slice(0, end).map(({ name }) => name);
}
