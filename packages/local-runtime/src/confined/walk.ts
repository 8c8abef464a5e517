import { confinedFault, confinedNames, type ConfinedStat } from "@ws/workspace-core";
import { mkdir, rmdir, type FileHandle } from "node:fs/promises";
import { fdPath, openDirectory } from "../contained-path.ts";
import { codeOf } from "../file-errors.ts";
import { statAt } from "./entry.ts";

/** What a path below a root leads to, held by a descriptor of the directory it lies in. */
export interface Held extends AsyncDisposable {
  /** Where it really lies below the root. */
  readonly path: string;
  /** A path for file calls. Its last component is not followed by the walk, so opens must use O_NOFOLLOW. */
  readonly at: string;
  /** The directory it lies in, held. */
  readonly parent: FileHandle;
  /** The last names of it that are not there, and no more: empty where there is such an entry. */
  readonly missing: readonly string[];
  /** What lies there, or nothing where there is none. */
  readonly stat: ConfinedStat | undefined;
}

/** A root that is held open, and how the links below it name it. */
export interface Root {
  readonly handle: FileHandle;
  readonly inside: string;
}

const MOST_LINKS = 40;

/**
 * Walks one component at a time, each relative to a descriptor of the directory before it: a link swapped in at any moment is read and
 * walked by the same rules, never followed by the kernel. The root stays its owner's to close.
 */
export async function walk(root: Root, path: string, followLast: boolean): Promise<Held> {
  const waiting = confinedNames(path);
  const held: { handle: FileHandle; name: string }[] = [];
  let followed = 0;

  const top = (): FileHandle => held.at(-1)?.handle ?? root.handle;
  const pathTo = (...more: readonly string[]): string => [...held.map(({ name }) => name), ...more].join("/");
  const leave = async (count: number): Promise<void> => {
    await Promise.all(held.splice(held.length - count).map(({ handle }) => handle.close()));
  };
  const follow = async (target: string): Promise<void> => {
    followed += 1;
    if (followed > MOST_LINKS) throw confinedFault("invalid_input", path, "it leads through too many links");
    if (!target.startsWith("/")) return void waiting.unshift(...target.split("/"));
    if (target !== root.inside && !target.startsWith(`${root.inside}/`)) throw confinedFault("path_traversal", path);
    waiting.unshift(...target.slice(root.inside.length).split("/"));
    await leave(held.length);
  };
  const placeOf = (...names: readonly string[]): { path: string; at: string } => ({
    path: pathTo(...names),
    at: `${fdPath(top())}/${names[0] ?? "."}`,
  });
  const arrive = (names: readonly string[], stat: ConfinedStat | undefined): Held => {
    return {
      ...placeOf(...names),
      parent: top(),
      missing: stat === undefined ? names : [],
      stat,
      [Symbol.asyncDispose]: () => leave(held.length),
    };
  };

  try {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      if (name === "" || name === ".") continue;
      if (name === "..") {
        if (held.length === 0) throw confinedFault("path_traversal", path);
        await leave(1);
        continue;
      }
      const rest = waiting.filter((each) => each !== "" && each !== ".");
      const place = placeOf(name);
      const isLast = rest.length === 0;
      const last = isLast ? await statAt(place.at, place.path) : undefined;
      if (last !== undefined && (last.target === undefined || !followLast)) return arrive([name], last);
      const next = isLast ? last?.target : await openDirectory(place.at, false).catch(absent);
      if (typeof next === "string") await follow(next);
      else if (next !== undefined) held.push({ handle: next, name });
      else {
        if (rest.includes("..")) throw confinedFault("file_not_found", path);
        return arrive([name, ...rest], undefined);
      }
    }
    const { path: here, at } = placeOf();
    return arrive([], await statAt(at, here));
  } catch (error) {
    await leave(held.length);
    throw error;
  }
}

/** The directory that an entry is to lie in, with what was missing of the way to it made. */
export interface Made extends AsyncDisposable {
  readonly parent: FileHandle;
  readonly at: string;
  /** Removes again what was made, as far as nobody uses it. */
  undo(): Promise<void>;
}

/** Makes what is missing of the way to an entry, its own name left out. Nothing on it may be a link: the permit was for no link. */
export async function makeWay(held: Held): Promise<Made> {
  const opened: FileHandle[] = [];
  const made: string[] = [];
  const top = (): FileHandle => opened.at(-1) ?? held.parent;
  const close = async (): Promise<void> => void (await Promise.all(opened.map((handle) => handle.close())));
  const undo = async (): Promise<void> => {
    for (const at of made.toReversed()) await rmdir(at).catch(() => undefined);
  };
  try {
    for (const name of held.missing.slice(0, -1)) {
      const at = `${fdPath(top())}/${name}`;
      await mkdir(at).then(
        () => made.push(at),
        (error: unknown) => {
          if (codeOf(error) !== "EEXIST") throw error;
        },
      );
      const next = await openDirectory(at, false);
      if (typeof next === "string") throw confinedFault("not_a_directory", held.path);
      opened.push(next);
    }
  } catch (error) {
    await undo();
    await close();
    throw error;
  }
  const name = held.missing.at(-1);
  return {
    parent: top(),
    at: name === undefined ? held.at : `${fdPath(top())}/${name}`,
    undo,
    [Symbol.asyncDispose]: close,
  };
}

function absent(error: unknown): undefined {
  if (codeOf(error) === "ENOENT") return undefined;
  throw error;
}
