import { constants } from "node:fs";
import { mkdir, open, rename, rmdir, type FileHandle } from "node:fs/promises";
import {
  type Bytes,
  type ByteSource,
  confinedFault,
  type ConfinedFiles,
  type ConfinedOptions,
  type ConfinedStat,
  type ConfinedWrite,
  type Permit,
  throwIfAborted,
} from "@ws/workspace-core";
import { READ } from "../contained-files.ts";
import { DIRECTORY, type Locate } from "../contained-path.ts";
import { removeTree } from "../remove-tree.ts";
import { eachBelow, entriesOf, requireRegular, statOpen } from "./entry.ts";
import { about, named, theirs } from "./faults.ts";
import { opened, type OpenReads } from "./opened.ts";
import { replace, requireExpected } from "./replace.ts";
import { openTogether } from "./open-together.ts";
import { type Held, makeWay, type Root, walk } from "./walk.ts";

const LIST = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** The files below one of a workspace's directories; Linux only. */
export function createConfinedFiles(
  directory: string,
  options: {
    locate: Locate;
    /** The error that every use throws while there is one. */
    failure: () => Error | undefined;
    /** To be closed with whatever they belong to. */
    open: OpenReads;
  },
): ConfinedFiles {
  const { locate, failure, open: reads } = options;
  const inside = directory.replace(/\/+$/, "");

  const ownRoot = (): Promise<Root & AsyncDisposable> => openRoot(locate, directory, inside);
  const takeRoot = openTogether(ownRoot);

  async function within<T>(
    path: string,
    { signal }: ConfinedOptions,
    work: (reach: (path: string, follow: boolean) => Promise<Held>, open: AsyncDisposableStack) => Promise<T>,
    take = takeRoot,
  ): Promise<T> {
    return about(path, signal, async () => {
      check(signal);
      await using held = new AsyncDisposableStack();
      const root = held.use(await named(directory, take));
      return await work(async (each, follow) => held.use(await walk(root, each, follow)), held);
    });
  }

  /** What may have ended the work meanwhile. */
  function check(signal: AbortSignal | undefined): void {
    const error = failure();
    if (error !== undefined) throw error;
    throwIfAborted(signal);
  }

  return {
    stat: (path, options = {}) =>
      within(path, options, async (reach) => {
        const stat = there(await reach(path, options.follow === true), path);
        ask(options.permit, stat.path, stat);
        return stat;
      }),

    list: (path, options = {}) =>
      within(path, options, async (reach, held) => {
        const place = await reach(path, true);
        const stat = there(place, path);
        if (stat.type !== "directory") throw confinedFault("not_a_directory", path);
        const opened = held.use(await open(place.at, LIST));
        ask(options.permit, stat.path, stat);
        return { path: stat.path, entries: await entriesOf(opened, options.signal) };
      }),

    read: (path, options = {}) =>
      within(path, options, async (reach) => {
        const place = await reach(path, true);
        // Before it is opened, which a device may notice.
        requireRegular(there(place, path), path);
        const file = await open(place.at, READ);
        try {
          const stat = await statOpen(file, place.path);
          requireRegular(stat, path);
          ask(options.permit, stat.path, stat);
          return await opened(file, stat, { ...options, check: () => check(options.signal), open: reads });
        } catch (error) {
          await file.close();
          throw error;
        }
      }),

    write: (path, content, options = {}) =>
      within(
        path,
        options,
        async (reach) => {
          const place = await reach(path, false);
          const { stat: old } = place;
          if (old !== undefined) requireRegular(old, path);
          if (place.missing.length > 1 && options.parents !== true) throw confinedFault("file_not_found", path);
          requireExpected(path, old, options.expect);
          ask(options.permit, place.path, old);
          return writeAt(place, content, { ...options, old });
        },
        // Content may come for hours: others must not be kept in a directory that is no longer there.
        ownRoot,
      ),

    mkdir: (path, options = {}) =>
      within(path, options, async (reach) => {
        const place = await reach(path, true);
        const { stat: old } = place;
        if (old !== undefined && old.type !== "directory") throw confinedFault("not_a_directory", path);
        ask(options.permit, place.path, old);
        if (old !== undefined) return { path: place.path, created: false };
        await using way = await makeWay(place);
        try {
          await mkdir(way.at);
        } catch (error) {
          await way.undo();
          throw error;
        }
        return { path: place.path, created: true };
      }),

    rename: (from, to, options = {}) =>
      within(from, options, async (reach) => {
        const source = await reach(from, false);
        const moved = there(source, from);
        return named(to, async () => {
          const target = await reach(to, false);
          const { stat: old } = target;
          if (target.missing.length > 1) throw confinedFault("file_not_found", to);
          if (source.path === "" || target.path === "")
            throw confinedFault("invalid_input", from, "it is the directory itself");
          if (old !== undefined && options.replace !== true) throw confinedFault("file_exists", to);
          ask(options.permit, source.path, moved);
          ask(options.permit, target.path, old);
          await askBelow(source, moved, options, (stat) => {
            ask(options.permit, stat.path, stat);
            ask(options.permit, target.path + stat.path.slice(source.path.length), undefined);
          });
          await rename(source.at, target.at);
          return { path: target.path };
        });
      }),

    remove: (path, options = {}) =>
      within(path, options, async (reach) => {
        const place = await reach(path, false);
        if (place.path === "") throw confinedFault("invalid_input", path, "it is the directory itself");
        const { stat } = place;
        ask(options.permit, place.path, stat);
        if (stat === undefined) return { path: place.path, removed: false };
        if (stat.type === "directory" && options.recursive !== true) await rmdir(place.at);
        else {
          await askBelow(place, stat, options, (each) => ask(options.permit, each.path, each));
          await removeTree(place.at, options.signal);
        }
        return { path: place.path, removed: true };
      }),
  };
}

async function writeAt(
  place: Held,
  content: ByteSource | Bytes,
  options: ConfinedWrite & { old: ConfinedStat | undefined },
): Promise<{ path: string; created: boolean; stat: ConfinedStat }> {
  await using way = await makeWay(place);
  try {
    const stat = await replace({ at: way.at, parent: way.parent, path: place.path }, content, options);
    return { path: place.path, created: options.old === undefined, stat };
  } catch (error) {
    await way.undo();
    throw error;
  }
}

async function openRoot(locate: Locate, directory: string, inside: string): Promise<Root & AsyncDisposable> {
  if (!directory.startsWith("/")) throw confinedFault("invalid_input", directory, "it is not absolute");
  await using place = await locate(directory);
  const handle = await open(place.at, DIRECTORY);
  return { handle, inside, [Symbol.asyncDispose]: () => handle.close() };
}

function there({ stat }: Held, path: string): ConfinedStat {
  if (stat === undefined) throw confinedFault("file_not_found", path);
  return stat;
}

function ask(permit: Permit | undefined, path: string, entry: ConfinedStat | undefined): void {
  if (permit !== undefined) theirs(() => permit(path, entry));
}

async function askBelow(
  place: Held,
  stat: ConfinedStat,
  { permit, signal }: ConfinedOptions,
  visit: (stat: ConfinedStat) => void,
): Promise<void> {
  if (permit === undefined || stat.type !== "directory") return;
  const enter = (at: string): Promise<FileHandle> => open(at, LIST);
  await using directory = await enter(place.at);
  await eachBelow(directory, place.path, visit, enter, signal);
}
