import { WsError } from "../errors.ts";
import type { BoxFiles, FileEntry } from "../ports.ts";
import type { FakeHome } from "./fake-runtime.ts";

/** Files as entries of a map; directories exist where something lies below them or where they were made. */
export function createFakeFiles(home: FakeHome): BoxFiles {
  const { files } = home;
  const directories = new Set(["/", "/home", "/home/workspace"]);
  const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("/")) || "/";
  const below = (path: string): string[] =>
    [...files.keys(), ...directories].filter((key) => key.startsWith(`${path}/`));
  const notFound = (path: string): WsError =>
    new WsError("file_not_found", { message: `There is no file ${path}.`, data: { path } });

  function isDirectory(path: string): boolean {
    return directories.has(path) || below(path).length > 0;
  }

  return {
    async stat(path) {
      const content = files.get(path);
      if (content !== undefined) return { type: "file", size: content.length, mode: 0o644, modifiedAt: 0 };
      if (isDirectory(path)) return { type: "directory", size: 0, mode: 0o755, modifiedAt: 0 };
      throw notFound(path);
    },
    async list(path) {
      if (files.has(path)) {
        throw new WsError("not_a_directory", { message: `${path} is not a directory.`, data: { path } });
      }
      if (!isDirectory(path)) throw notFound(path);
      const names = new Set(below(path).map((key) => key.slice(path.length + 1).split("/")[0] ?? ""));
      return Promise.all(
        [...names].map(async (name): Promise<FileEntry> => ({ name, ...(await this.stat(`${path}/${name}`)) })),
      );
    },
    async *read(path, { offset = 0, length = Infinity } = {}) {
      const content = files.get(path);
      if (content === undefined) throw notFound(path);
      yield content.subarray(offset, offset + length);
    },
    async write(path, content) {
      if (!isDirectory(parentOf(path))) throw notFound(parentOf(path));
      const parts: number[] = [];
      if (content instanceof Uint8Array) parts.push(...content);
      else for await (const part of content) parts.push(...part);
      files.set(path, Uint8Array.from(parts));
    },
    async mkdir(path) {
      for (let each = path; each !== "/"; each = parentOf(each)) directories.add(each);
    },
    async rename(from, to) {
      const content = files.get(from);
      if (content === undefined) throw notFound(from);
      files.delete(from);
      files.set(to, content);
    },
    async remove(path) {
      for (const key of [path, ...below(path)]) {
        files.delete(key);
        directories.delete(key);
      }
    },
  };
}
