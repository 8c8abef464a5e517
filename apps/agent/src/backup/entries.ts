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

/** Something that was listed is not there any more: what was read before it may not fit what is read after. */
export class Vanished extends Error {}

/**
 * Every file and directory of these parts, directories before what is in them; links, sockets and what git only has while it writes are left out.
 * Within a repository its refs come first and its objects last, so that whatever is pushed meanwhile, every ref's objects come too. Throws `Vanished`.
 */
export function* entriesOf(directory: string, parts: readonly string[]): Generator<Found> {
  for (const part of parts) if (existsSync(join(directory, part))) yield* below(directory, part);
}

function* below(directory: string, path: string): Generator<Found> {
  const found = orVanished(path, () => lstatSync(join(directory, path)));
  if (!isEntryPath(path) || isPassing(path)) return;
  if (found.isFile()) yield { path, type: "file", isExecutable: (found.mode & 0o100) !== 0 };
  if (!found.isDirectory()) return;
  yield { path, type: "directory", isExecutable: true };
  const names = orVanished(path, () => readdirSync(join(directory, path)));
  for (const name of names.sort(inOrder)) yield* below(directory, `${path}/${name}`);
}

/** Loose refs come before the packed ones, into which git moves them. */
const ORDER = ["refs", "packed-refs", "", "objects"];

function inOrder(one: string, other: string): number {
  const rank = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.indexOf(""));
  return rank(one) - rank(other) || (one < other ? -1 : 1);
}

/** Locks, which would hold up whoever has them restored, and objects that are not yet the repository's. */
function isPassing(path: string): boolean {
  const [part, , ...inside] = path.split("/");
  if (part !== "git" || inside.length === 0) return false;
  return path.endsWith(".lock") || /\/objects\/(?:pack\/)?(?:\.?tmp[_-]|incoming-)[^/]*$/.test(path);
}

export function orVanished<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw vanished(path, error);
  }
}

/** The error as it is, where it says anything else. */
export function vanished(path: string, error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") return error;
  return new Vanished(`${path} is not there any more`, { cause: error });
}
