import { constants } from "node:fs";
import { lstat, mkdir, open, readlink, realpath, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf, fileError, refused, unusable } from "./file-errors.ts";

/** A directory of a workspace: as its processes name it, and where it lies on the worker. */
export interface Mount {
  readonly inside: string;
  readonly outside: string;
}

/** An entry that was reached without leaving the mounts; it need not exist. */
export interface Located extends AsyncDisposable {
  /** A path for file calls. Its last component is never followed by the walk, so opens must use O_NOFOLLOW. */
  readonly at: string;
  /** A path to its directory. */
  readonly parent: string;
  /** Whether it is a mount itself, which can be neither renamed nor removed. */
  readonly isMount: boolean;
}

export interface LocateOptions {
  /** Whether a link at the end of the path is followed, as in the middle of it. */
  followLast?: boolean;
  /** Whether directories that are missing on the way are made, the last one included. */
  make?: boolean;
}

export type Locate = (path: string, options?: LocateOptions) => Promise<Located>;

// Node does not name it. It opens a place in the tree and not its content: a device or FIFO does nothing.
const O_PATH = 0o10000000;
export const DIRECTORY = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const MOST_LINKS = 40;

/**
 * Finds paths below a workspace's own directories one component at a time, each relative to a descriptor of the directory before
 * it, so that a link swapped in at any moment cannot lead outside: links are read and walked by the same rules, never followed by the
 * kernel. Throws `permission_denied` for what lies outside and `invalid_input` for what is no absolute path.
 */
export function createLocate(mounts: readonly Mount[], platform: NodeJS.Platform = process.platform): Locate {
  return platform === "linux"
    ? (path, options = {}) => walk(mounts, path, options)
    : (path, options = {}) => resolveReally(mounts, path, options);
}

interface Step {
  readonly handle: FileHandle;
  /** Its path as processes name it. */
  readonly inside: string;
}

async function walk(mounts: readonly Mount[], path: string, options: LocateOptions): Promise<Located> {
  const waiting = segmentsOf(path);
  // Above the mounts a path is only a name; below one, every directory on the way is held open.
  let above = "";
  let below: Step[] = [];
  let links = 0;
  // So many of the next names lie in the mount itself, although the way to another mount starts with them.
  let beneath = 0;

  const leave = async (next: string): Promise<void> => {
    const left = below;
    above = next;
    below = [];
    await close(left);
  };
  const enter = async (inside: string): Promise<void> => {
    const mount = mountAround(mounts, inside);
    if (mount === undefined) throw outside(path);
    await leave(mount.inside);
    below = [{ handle: await open(mount.outside, DIRECTORY), inside: mount.inside }];
    const names = inside.slice(mount.inside.length).split("/").filter(Boolean);
    beneath = names.length;
    waiting.unshift(...names);
  };
  const follow = async (target: string): Promise<void> => {
    links += 1;
    if (links > MOST_LINKS) throw refused(path, "It leads through too many links");
    waiting.unshift(...target.split("/"));
    if (target.startsWith("/")) await leave("");
  };

  try {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      if (name === "" || name === ".") continue;
      const here = below.at(-1);
      if (name === "..") {
        if (below.length > 1) await close(below.splice(-1));
        else await leave(parentOf(here?.inside ?? above));
        continue;
      }
      const inside = `${here?.inside ?? above}/${name}`;
      const isLast = waiting.every((rest) => rest === "" || rest === ".");
      if (mounts.some((mount) => mount.inside === inside)) await enter(inside);
      else if (!isLast && beneath-- <= 0 && mounts.some((mount) => mount.inside.startsWith(`${inside}/`)))
        await leave(inside);
      else if (here === undefined) await enter(inside);
      else if (isLast && options.make !== true) {
        const target = options.followLast === true ? await linkTarget(`${fdPath(here.handle)}/${name}`) : undefined;
        if (target === undefined) return located(below, name);
        await follow(target);
      } else {
        const next = await openDirectory(`${fdPath(here.handle)}/${name}`, options.make === true);
        if (typeof next === "string") await follow(next);
        else below.push({ handle: next, inside });
      }
    }
    const last = below.at(-1);
    if (last === undefined) throw outside(path);
    if (below.length === 1) return located(below, undefined);
    await close(below.splice(-1));
    return located(below, last.inside.slice(last.inside.lastIndexOf("/") + 1));
  } catch (error) {
    await close(below);
    throw fileError(error, path);
  }
}

/** The innermost mount that holds a path. */
function mountAround(mounts: readonly Mount[], path: string): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    const holds = path === mount.inside || path.startsWith(`${mount.inside}/`);
    if (holds && mount.inside.length > (found?.inside.length ?? 0)) found = mount;
  }
  return found;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** The directory, or where the link in its place leads. */
export async function openDirectory(at: string, make: boolean): Promise<FileHandle | string> {
  try {
    return await open(at, DIRECTORY);
  } catch (error) {
    if (codeOf(error) === "ENOENT" && make) {
      await mkdir(at).catch((failure: unknown) => {
        if (codeOf(failure) !== "EEXIST") throw failure;
      });
      return await open(at, DIRECTORY);
    }
    if (codeOf(error) !== "ENOTDIR" && codeOf(error) !== "ELOOP") throw error;
    const target = await linkTarget(at);
    if (target === undefined) throw error;
    return target;
  }
}

async function linkTarget(at: string): Promise<string | undefined> {
  return readlink(at).catch((error: unknown) => {
    if (codeOf(error) === "EINVAL" || codeOf(error) === "ENOENT") return undefined;
    throw error;
  });
}

function located(steps: Step[], name: string | undefined): Located {
  const last = steps.at(-1);
  const parent = last === undefined ? "" : fdPath(last.handle);
  return {
    at: name === undefined ? `${parent}/.` : `${parent}/${name}`,
    parent,
    isMount: name === undefined,
    [Symbol.asyncDispose]: () => close(steps),
  };
}

export function fdPath(handle: FileHandle): string {
  return `/proc/self/fd/${handle.fd}`;
}

async function close(steps: readonly Step[]): Promise<void> {
  await Promise.all(steps.map(({ handle }) => handle.close()));
}

/** Where there are no descriptor paths: the real path is checked and then used, which a swap in between can deceive. */
async function resolveReally(mounts: readonly Mount[], path: string, options: LocateOptions): Promise<Located> {
  try {
    const name = `/${normalize(segmentsOf(path)).join("/")}`;
    const mount = mountAround(mounts, name);
    if (mount === undefined) throw outside(path);
    const wanted = mount.outside + name.slice(mount.inside.length);
    if (options.make === true) await mkdir(wanted, { recursive: true });
    const isMount = wanted === mount.outside;
    const link = options.followLast === true && !isMount && (await isLink(wanted));
    const real = isMount || link ? await realpath(wanted) : await realpath(dirname(wanted));
    const roots = await Promise.all(mounts.map((each) => realpath(each.outside).catch(() => each.outside)));
    if (!roots.some((root) => real === root || real.startsWith(`${root}/`))) throw outside(path);
    const at = isMount || link ? real : `${real}/${wanted.slice(wanted.lastIndexOf("/") + 1)}`;
    return { at, parent: dirname(at), isMount, [Symbol.asyncDispose]: async () => undefined };
  } catch (error) {
    throw fileError(error, path);
  }
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (stat) => stat.isSymbolicLink(),
    () => false,
  );
}

function normalize(segments: readonly string[]): string[] {
  const result: string[] = [];
  for (const segment of segments) {
    if (segment === "..") result.pop();
    else if (segment !== "" && segment !== ".") result.push(segment);
  }
  return result;
}

function segmentsOf(path: string): string[] {
  if (path.includes("\0")) throw unusable(path, "it contains a NUL byte");
  if (!path.startsWith("/")) throw unusable(path, "it is not absolute");
  return path.split("/");
}

function outside(path: string): Error {
  return refused(path, "It lies outside the workspace");
}
