import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What a backup has, beside `state.db`: all that somebody made here and that is no secret, no home and no copy of something elsewhere. */
export const PARTS = ["state.db", "config.json", "projects", "scripts", "git"] as const;

/** What tells of everything else, and comes last: a file that was cut off lacks it. */
export const MANIFEST = "manifest.json";

export interface Manifest {
  format: 1;
  /** ISO 8601. */
  created: string;
  entries: readonly ManifestEntry[];
}

export interface ManifestEntry {
  path: string;
  type: "file" | "directory";
  bytes: number;
  /** In hex; of a directory empty. */
  sha256: string;
}

/** Whether a path may stand in a backup. Nothing leads out of the directory that it is put into. */
export function isEntryPath(path: string): boolean {
  const [first = "", ...rest] = path.split("/");
  const isPart = (PARTS as readonly string[]).includes(first);
  const isPlain = rest.every((part) => part !== "" && part !== "." && part !== ".." && !/[\0\\]/.test(part));
  const isAlone = first === "state.db" || first === "config.json";
  return isPart && isPlain && (!isAlone || rest.length === 0) && path.length < 1_000;
}

export interface Found {
  path: string;
  type: "file" | "directory";
  isExecutable: boolean;
}

/** Every file and directory of these parts, directories before what is in them; links and sockets are left out. */
export function* entriesOf(directory: string, parts: readonly string[]): Generator<Found> {
  for (const path of parts) {
    if (!existsSync(join(directory, path))) continue;
    const found = lstatSync(join(directory, path));
    if (!isEntryPath(path)) continue;
    if (found.isFile()) yield { path, type: "file", isExecutable: (found.mode & 0o100) !== 0 };
    if (!found.isDirectory()) continue;
    yield { path, type: "directory", isExecutable: true };
    const names = readdirSync(join(directory, path)).sort();
    yield* entriesOf(
      directory,
      names.map((name) => `${path}/${name}`),
    );
  }
}
