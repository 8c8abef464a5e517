import { throwIfAborted } from "../aborted.ts";
import { confinedFault } from "../confined-faults.ts";
import type { ConfinedEntry, ConfinedFiles, ConfinedOptions, ConfinedStat, ConfinedWrite } from "../ports.ts";
import { collect } from "./fake-files.ts";
import type { FakeHome } from "./fake-home.ts";
import { createFakeWalk, type Reached } from "./fake-walk.ts";

const CHUNK = 64 * 1024;

/** Confined files over the entries of a map. There are links, but no second names, no users and no clock. */
export function createFakeConfined(home: FakeHome, root: string, requireOpen: () => void): ConfinedFiles {
  const { files, directories, links } = home;
  const walk = createFakeWalk(home, root);
  const at = (path: string): string => (path === "" ? root : `${root}/${path}`);

  function enter({ signal }: ConfinedOptions): void {
    requireOpen();
    throwIfAborted(signal);
  }

  function statAt(path: string): ConfinedStat | undefined {
    const plain = { path, links: 1, modifiedAt: 0 };
    const key = at(path);
    const target = links.get(key);
    if (target !== undefined)
      return { ...plain, type: "symlink", size: target.length, mode: 0o777, version: `link ${target}`, target };
    if (directories.has(key)) return { ...plain, type: "directory", size: 0, mode: 0o755, version: "directory" };
    const file = files.get(key);
    if (file === undefined) return undefined;
    return { ...plain, type: "file", size: file.content.length, mode: file.mode, version: versionOf(file) };
  }

  const keysBelow = (path: string): string[] => {
    const prefix = `${at(path)}/`;
    return [...files.keys(), ...directories, ...links.keys()].filter((key) => key.startsWith(prefix)).sort();
  };
  const pathsBelow = (path: string): string[] => keysBelow(path).map((key) => key.slice(root.length + 1));

  function there(asked: string, reached: Reached): ConfinedStat {
    const stat = reached.missing === 0 ? statAt(reached.path) : undefined;
    if (stat === undefined) throw confinedFault("file_not_found", asked);
    return stat;
  }

  /** Where an entry may come to lie: its parent is there, or is made. */
  function place(asked: string, reached: Reached, parents: boolean): ConfinedStat | undefined {
    if (reached.missing === 0) return statAt(reached.path);
    if (reached.missing > 1 && !parents) throw confinedFault("file_not_found", asked);
    return undefined;
  }

  function makeParents(path: string): void {
    const names = path.split("/").slice(0, -1);
    for (let count = 1; count <= names.length; count += 1) directories.add(at(names.slice(0, count).join("/")));
  }

  function requireExpected(path: string, stat: ConfinedStat | undefined, expect: ConfinedWrite["expect"]): void {
    if (expect === undefined) return;
    if (expect !== "absent" && stat?.version !== expect) throw confinedFault("file_changed", path);
    if (expect === "absent" && stat !== undefined) throw confinedFault("file_exists", path);
  }

  return {
    async stat(path, options = {}) {
      enter(options);
      const stat = there(path, walk(path, options.follow === true));
      options.permit?.(stat.path, stat);
      return stat;
    },
    async list(path, options = {}) {
      enter(options);
      const stat = there(path, walk(path, true));
      if (stat.type !== "directory") throw confinedFault("not_a_directory", path);
      options.permit?.(stat.path, stat);
      const depth = stat.path === "" ? 1 : stat.path.split("/").length + 1;
      const direct = pathsBelow(stat.path).filter((each) => each.split("/").length === depth);
      return { path: stat.path, entries: direct.flatMap((each) => entryOf(statAt(each))) };
    },
    async read(path, options = {}) {
      enter(options);
      const stat = there(path, walk(path, true));
      if (stat.type !== "file")
        throw confinedFault(stat.type === "directory" ? "is_a_directory" : "not_a_regular_file", path);
      options.permit?.(stat.path, stat);
      const { offset = 0, length = Infinity } = options;
      const wanted = files.get(at(stat.path))?.content.subarray(offset, offset + length) ?? new Uint8Array();
      const content = async function* (): AsyncGenerator<Uint8Array> {
        for (let from = 0; from < wanted.length; from += CHUNK) {
          enter(options);
          yield wanted.subarray(from, from + CHUNK);
        }
      };
      return { path: stat.path, stat, content: content(), [Symbol.asyncDispose]: async () => undefined };
    },
    async write(path, content, options = {}) {
      enter(options);
      const reached = walk(path, false);
      const old = place(path, reached, options.parents === true);
      if (old?.type === "directory") throw confinedFault("is_a_directory", path);
      if (old?.type === "symlink") throw confinedFault("not_a_regular_file", path, `is a link to '${old.target}'`);
      requireExpected(path, old, options.expect);
      options.permit?.(reached.path, old);
      const whole = await collect(content, () => enter(options));
      requireExpected(path, statAt(reached.path), options.expect);
      makeParents(reached.path);
      const key = at(reached.path);
      files.set(key, { content: whole, mode: options.mode ?? files.get(key)?.mode ?? 0o644 });
      return { path: reached.path, created: old === undefined, stat: there(path, { path: reached.path, missing: 0 }) };
    },
    async mkdir(path, options = {}) {
      enter(options);
      const reached = walk(path, true);
      const old = place(path, reached, true);
      if (old !== undefined && old.type !== "directory") throw confinedFault("not_a_directory", path);
      options.permit?.(reached.path, old);
      makeParents(`${reached.path}/`);
      return { path: reached.path, created: old === undefined };
    },
    async rename(from, to, options = {}) {
      enter(options);
      const source = there(from, walk(from, false));
      const reached = walk(to, false);
      const old = place(to, reached, false);
      if (source.path === "" || reached.path === "")
        throw confinedFault("invalid_input", from, "it is the directory itself");
      if (old !== undefined && options.replace !== true) throw confinedFault("file_exists", to);
      options.permit?.(source.path, source);
      options.permit?.(reached.path, old);
      if (reached.path.startsWith(`${source.path}/`))
        throw confinedFault("invalid_input", to, "it lies below what is moved");
      if (source.path.startsWith(`${reached.path}/`)) throw confinedFault("directory_not_empty", to);
      if (old !== undefined && reached.path !== source.path) {
        if (old.type === "directory" && source.type !== "directory") throw confinedFault("is_a_directory", to);
        if (old.type !== "directory" && source.type === "directory") throw confinedFault("not_a_directory", to);
        if (keysBelow(reached.path).length > 0) throw confinedFault("directory_not_empty", to);
      }
      const below = pathsBelow(source.path);
      const moved = (each: string): string => reached.path + each.slice(source.path.length);
      for (const each of below) {
        options.permit?.(each, statAt(each));
        options.permit?.(moved(each), undefined);
      }
      for (const each of [source.path, ...below]) move(at(each), at(moved(each)));
      return { path: reached.path };
    },
    async remove(path, options = {}) {
      enter(options);
      const reached = walk(path, false);
      if (reached.path === "") throw confinedFault("invalid_input", path, "it is the directory itself");
      const stat = reached.missing === 0 ? statAt(reached.path) : undefined;
      options.permit?.(reached.path, stat);
      if (stat === undefined) return { path: reached.path, removed: false };
      const below = stat.type === "directory" ? pathsBelow(stat.path) : [];
      if (below.length > 0 && options.recursive !== true) throw confinedFault("directory_not_empty", path);
      for (const each of below) options.permit?.(each, statAt(each));
      for (const each of [stat.path, ...below]) forget(at(each));
      return { path: stat.path, removed: true };
    },
  };

  function move(from: string, to: string): void {
    if (from === to) return;
    const [file, link, directory] = [files.get(from), links.get(from), directories.has(from)];
    forget(from);
    forget(to);
    if (file !== undefined) files.set(to, file);
    if (link !== undefined) links.set(to, link);
    if (directory) directories.add(to);
  }

  function forget(key: string): void {
    files.delete(key);
    links.delete(key);
    directories.delete(key);
  }
}

function entryOf(stat: ConfinedStat | undefined): ConfinedEntry[] {
  if (stat === undefined) return [];
  const { path, type, size, mode, modifiedAt, target } = stat;
  const name = path.slice(path.lastIndexOf("/") + 1);
  return [{ name, type, size, mode, modifiedAt, ...(target === undefined ? {} : { target }) }];
}

const versions = new WeakMap<object, string>();

/** Every write makes an entry of its own. */
function versionOf(file: object): string {
  const known = versions.get(file) ?? crypto.randomUUID();
  versions.set(file, known);
  return known;
}
