import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The version in this package's manifest, from the sources as well as from the bundle. */
export function readVersion(from = import.meta.dirname): string {
  const path = join(findPackage(from), "package.json");
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}

/** Whether this runs from a checkout of the repository, and not from an installed package. */
export function inRepository(): boolean {
  return existsSync(join(findPackage(), "../../pnpm-workspace.yaml"));
}

/** A folder that an installed package carries with it and that lies elsewhere in the repository. */
export function findShipped(name: string, pathInRepository: string): string {
  const path = inRepository() ? pathInRepository : join("shipped", name);
  return join(findPackage(), path);
}

function findPackage(from = import.meta.dirname): string {
  for (let directory = from; ; directory = dirname(directory)) {
    if (existsSync(join(directory, "package.json"))) return directory;
    if (directory === dirname(directory)) throw new Error(`no package.json above ${from}`);
  }
}
