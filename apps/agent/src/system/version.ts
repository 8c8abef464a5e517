import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The version in this package's manifest, from the sources as well as from the bundle. */
export function readVersion(from = import.meta.dirname): string {
  const path = join(findPackage(from), "package.json");
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}

/** Where the agent's package lies. */
export function findPackage(from = import.meta.dirname): string {
  for (let directory = from; ; directory = dirname(directory)) {
    if (existsSync(join(directory, "package.json"))) return directory;
    if (directory === dirname(directory)) throw new Error(`no package.json above ${from}`);
  }
}

/** A folder that ships beside the bundle, or lies elsewhere in the repository. */
export function findShipped(name: string, inRepository: string): string {
  const shipped = join(findPackage(), "dist", name);
  return existsSync(shipped) ? shipped : join(findPackage(), inRepository);
}
