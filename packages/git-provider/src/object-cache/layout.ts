import { createHash } from "node:crypto";
import { chmod, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { WorkspaceId } from "@ws/workspace-core";
import { parseRepositoryUrl } from "../repo-url.ts";

/** Where one repository's objects lie on the worker. */
export interface CachePaths {
  readonly directory: string;
  readonly objects: string;
  /** What the remote had when it was last asked, as git's own `packed-refs`; without it nothing in `objects` is relied on. */
  readonly refs: string;
  /** The remote's default branch. */
  readonly head: string;
  readonly lock: string;
  /** A directory for each workspace that borrows. */
  readonly shared: string;
}

/** What a workspace is shown: objects of its own by hard links, and the refs of its clone. */
export interface SharePaths {
  readonly directory: string;
  readonly objects: string;
  /** Written last: while it is absent there is nothing to clone from. */
  readonly refs: string;
  readonly head: string;
}

export function cachePaths(root: string, url: string): CachePaths {
  return pathsIn(join(root, cacheName(url)));
}

export function sharePaths({ shared }: Pick<CachePaths, "shared">, workspace: WorkspaceId): SharePaths {
  if (!ID_PATTERN.test(workspace)) throw new Error(`'${workspace}' is not the id of a workspace.`);
  const directory = join(shared, workspace);
  return {
    directory,
    objects: join(directory, "objects"),
    refs: join(directory, "packed-refs"),
    head: join(directory, "head"),
  };
}

/** Every repository's directory; none where there is no cache yet. */
export async function allCaches(root: string): Promise<CachePaths[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(absentAsEmpty);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => pathsIn(join(root, name)));
}

export async function borrowers({ shared }: CachePaths): Promise<WorkspaceId[]> {
  const names: string[] = await readdir(shared).catch(absentAsEmpty);
  return names.filter((name): name is WorkspaceId => ID_PATTERN.test(name));
}

/** Nobody else may enter the root; what is below is readable, because a container's user is another than the worker's. */
export async function makeCache(root: string, { objects, shared }: CachePaths): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  await mkdir(join(objects, "pack"), { recursive: true });
  await mkdir(shared, { recursive: true });
}

/** With modes of its own, whatever the worker's umask is. */
export async function makeShare({ directory, objects }: SharePaths): Promise<void> {
  for (const path of [directory, objects, join(objects, "pack"), join(objects, "info")]) {
    await mkdir(path, { recursive: true });
    await chmod(path, 0o755);
  }
}

const ID_PATTERN = /^ws-[A-Za-z0-9][A-Za-z0-9_-]*$/;

function pathsIn(directory: string): CachePaths {
  return {
    directory,
    objects: join(directory, "objects"),
    refs: join(directory, "packed-refs"),
    head: join(directory, "head"),
    lock: join(directory, "lock"),
    shared: join(directory, "shared"),
  };
}

/** Forges serve `o/r` and `o/r.git` alike. */
function cacheName(url: string): string {
  const { name, url: plain } = parseRepositoryUrl(url);
  const digest = createHash("sha256")
    .update(plain.replace(/\.git$/i, ""))
    .digest("hex");
  return `${name.slice(0, 40)}-${digest.slice(0, 20)}`;
}

function absentAsEmpty(error: unknown): [] {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
  throw error;
}
