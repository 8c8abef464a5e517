import type { BoxFiles } from "../box.ts";
import { confinedFault } from "../confined-faults.ts";
import { confinedNames } from "../confined-path.ts";
import type { ConfinedFiles, ConfinedOptions, ConfinedStat } from "../confined.ts";
import { isWsError } from "../errors.ts";
import type { FileStat } from "../file-stat.ts";

/**
 * Files below a directory by their names alone, for a place without the means to hold them there: its own walls are then the only ones.
 * What leads out by its words is refused; links lead wherever they lead in the place.
 */
export function plainFiles(files: BoxFiles, root: string): ConfinedFiles {
  const place = (path: string): { path: string; at: string } => {
    const names = confinedNames(path);
    return { path: names.join("/"), at: [root, ...names].join("/") };
  };

  async function look(path: string, options: ConfinedOptions = {}): Promise<ConfinedStat | undefined> {
    const { path: real, at } = place(path);
    try {
      return toConfined(real, await files.stat(at, options.signal));
    } catch (error) {
      if (isWsError(error, "file_not_found")) return undefined;
      throw error;
    }
  }

  async function there(path: string, options?: ConfinedOptions): Promise<ConfinedStat> {
    const stat = await look(path, options);
    if (stat === undefined) throw confinedFault("file_not_found", path);
    return stat;
  }

  return {
    async stat(path, options = {}) {
      const stat = await there(path, options);
      options.permit?.(stat.path, stat);
      return stat;
    },
    async list(path, options = {}) {
      const stat = await there(path, options);
      options.permit?.(stat.path, stat);
      const entries = await files.list(place(path).at, options.signal);
      return { path: stat.path, entries: entries.sort((a, b) => (a.name < b.name ? -1 : 1)) };
    },
    async read(path, { permit, ...options } = {}) {
      const stat = await there(path, options);
      if (stat.type === "directory") throw confinedFault("is_a_directory", path);
      // A FIFO would be waited for.
      if (stat.type !== "file") throw confinedFault("not_a_regular_file", path);
      permit?.(stat.path, stat);
      const content = files.read(place(path).at, options);
      return { path: stat.path, stat, content, [Symbol.asyncDispose]: async () => undefined };
    },
    async write(path, content, { permit, expect, parents, mode, signal } = {}) {
      const given = signal === undefined ? {} : { signal };
      const { path: real, at } = place(path);
      const old = await look(path, given);
      if (old?.type === "directory") throw confinedFault("is_a_directory", path);
      if (old !== undefined && old.type !== "file") throw confinedFault("not_a_regular_file", path);
      if (expect === "absent" && old !== undefined) throw confinedFault("file_exists", path);
      if (expect !== undefined && expect !== "absent" && old?.version !== expect)
        throw confinedFault("file_changed", path);
      permit?.(real, old);
      if (parents === true) await files.mkdir(at.slice(0, at.lastIndexOf("/")), signal);
      await files.write(at, content, { ...given, ...(mode === undefined ? {} : { mode }) });
      return { path: real, created: old === undefined, stat: await there(path, given) };
    },
    async mkdir(path, options = {}) {
      const { path: real, at } = place(path);
      const old = await look(path, options);
      options.permit?.(real, old);
      if (old === undefined) await files.mkdir(at, options.signal);
      else if (old.type !== "directory") throw confinedFault("not_a_directory", path);
      return { path: real, created: old === undefined };
    },
    async rename(from, to, options = {}) {
      const source = await there(from, options);
      const old = await look(to, options);
      const { path: real, at } = place(to);
      if (source.path === "" || real === "") throw confinedFault("invalid_input", from, "it is the directory itself");
      if (old !== undefined && options.replace !== true) throw confinedFault("file_exists", to);
      options.permit?.(source.path, source);
      options.permit?.(real, old);
      await files.rename(place(from).at, at, options.signal);
      return { path: real };
    },
    async remove(path, options = {}) {
      const stat = await look(path, options);
      const { path: real, at } = place(path);
      if (real === "") throw confinedFault("invalid_input", path, "it is the directory itself");
      if (stat === undefined) return { path: real, removed: false };
      options.permit?.(real, stat);
      const isFull = stat.type === "directory" && (await files.list(at, options.signal)).length > 0;
      if (isFull && options.recursive !== true) throw confinedFault("directory_not_empty", path);
      await files.remove(at, options.signal);
      return { path: real, removed: true };
    },
  };
}

/** Nothing tells two files apart here but time and size. */
function toConfined(path: string, stat: FileStat): ConfinedStat {
  return { ...stat, path, links: 1, version: `${stat.modifiedAt}-${stat.size}` };
}
