import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What a backup has of a worker's directory: all that somebody made here and that is no secret, no home and no copy of something elsewhere. */
export const PARTS = ["state.db", "config.json", "projects", "scripts", "git"] as const;

/** What is secret, closed with a passphrase; in a backup only where one was given. */
export const SECRETS = "secrets.age";

/** What lies alone at the top of a backup; everything else there is a directory. */
const ALONE: ReadonlySet<string> = new Set(["state.db", "config.json", SECRETS]);

/** What tells of everything else, and comes last: a file that was cut off lacks it. */
export const MANIFEST = "manifest.json";

/** What is longer is not read, and so not written either: some two million files. */
export const MOST_MANIFEST = 256 * 1024 * 1024;

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

/** Whether something may stand in a backup. Nothing leads out of the directory that it is put into. */
export function isEntry({ path, type }: Pick<ManifestEntry, "path" | "type">): boolean {
  const [first = "", ...rest] = path.split("/");
  if (path.length >= 1_000) return false;
  if (rest.length === 0) return type === "file" ? ALONE.has(first) : isPart(first) && !ALONE.has(first);
  const isPlain = rest.every((part) => part !== "" && part !== "." && part !== ".." && !/[\0\\]/.test(part));
  return isPlain && isPart(first) && !ALONE.has(first);
}

function isPart(name: string): boolean {
  return (PARTS as readonly string[]).includes(name);
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
  const type = found.isFile() ? "file" : found.isDirectory() ? "directory" : undefined;
  if (type === undefined || !isEntry({ path, type }) || isPassing(path)) return;
  if (type === "file") {
    yield { path, type, isExecutable: (found.mode & 0o100) !== 0 };
    return;
  }
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
  const { code = "" } = error as NodeJS.ErrnoException;
  // What is a link by now was none when it was listed.
  if (code !== "ENOENT" && code !== "ELOOP") return error;
  return new Vanished(`${path} is not there any more`, { cause: error });
}
