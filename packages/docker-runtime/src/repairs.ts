import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

/** Longer ones are left unread: the newest entries come first, and Debian's whole history of runc has 15 kB. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * The CVEs that a distribution repaired in this very revision of a package, or before it, by the changelog that it installed with it.
 * Undefined where there is none, or where it is another revision's: the engine may be another machine's.
 */
export async function readRepairs(
  name: string,
  revision: string,
  directory = "/usr/share/doc",
): Promise<ReadonlySet<string> | undefined> {
  let changelog: string;
  try {
    const packed = await readFile(`${directory}/${name}/changelog.Debian.gz`);
    changelog = String(await promisify(gunzip)(packed, { maxOutputLength: MOST_BYTES }));
  } catch {
    return undefined;
  }
  const [, newest] = /^\S+ \(([^)\s]+)\)/.exec(changelog) ?? [];
  // What was only built again has a suffix that its source has not.
  if (newest === undefined || newest !== revision.replace(/\+b\d+$/, "")) return undefined;
  const repaired = changelog.split("\n").filter((line) => !/\b(?:revert|not affected|not fixed|unfixed)/i.test(line));
  return new Set(repaired.join("\n").match(/\bCVE-\d{4}-\d{4,}\b/g) ?? []);
}
