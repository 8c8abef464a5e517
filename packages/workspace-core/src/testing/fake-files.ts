import { concatBytes } from "../bytes.ts";
import { throwIfAborted } from "../aborted.ts";
import { WsError } from "../errors.ts";
import type { BoxFiles, Bytes, ByteSource, FileEntry, FileStat } from "../ports.ts";
import type { FakeHome } from "./fake-home.ts";

const CHUNK = 64 * 1024;

/** Files as entries of a map. There are no links, no users and no clock among them. */
export function createFakeFiles(home: FakeHome, requireOpen: () => void): BoxFiles {
  const { files, directories } = home;
  const below = (path: string): string[] =>
    [...files.keys(), ...directories].filter((key) => key.startsWith(path === "/" ? "/" : `${path}/`));

  /** Throws for what is wrong with the way to a path; the path itself may be absent. */
  function requireWay(path: string): void {
    for (let each = parentOf(path); ; each = parentOf(each)) {
      if (files.has(each)) throw notDirectory(each);
      if (each === "/") break;
    }
    if (!directories.has(parentOf(path))) throw notFound(parentOf(path));
  }

  function enter(signal: AbortSignal | undefined): void {
    requireOpen();
    throwIfAborted(signal);
  }

  function look(path: string): FileStat {
    if (directories.has(path)) return { type: "directory", size: 0, mode: 0o755, modifiedAt: 0 };
    requireWay(path);
    const file = files.get(path);
    if (file === undefined) throw notFound(path);
    return { type: "file", size: file.content.length, mode: file.mode, modifiedAt: 0 };
  }

  return {
    async stat(path, signal) {
      enter(signal);
      return look(path);
    },
    async list(path, signal) {
      enter(signal);
      if (look(path).type === "file") throw notDirectory(path);
      const names = below(path).filter((key) => key !== path && parentOf(key) === path);
      return names.map((key): FileEntry => ({ name: key.slice(key.lastIndexOf("/") + 1), ...look(key) }));
    },
    async *read(path, { offset = 0, length = Infinity, signal } = {}) {
      enter(signal);
      if (look(path).type === "directory") throw noFile(path);
      const wanted = files.get(path)?.content.subarray(offset, offset + length) ?? new Uint8Array();
      for (let at = 0; at < wanted.length; at += CHUNK) {
        enter(signal);
        yield wanted.subarray(at, at + CHUNK);
      }
    },
    async write(path, content, { mode, signal } = {}) {
      enter(signal);
      if (directories.has(path)) throw noFile(path);
      requireWay(path);
      const whole = await collect(content, () => enter(signal));
      files.set(path, { content: whole, mode: mode ?? files.get(path)?.mode ?? 0o644 });
    },
    async mkdir(path, signal) {
      enter(signal);
      for (let each = path; each !== "/"; each = parentOf(each)) if (files.has(each)) throw notDirectory(each);
      for (let each = path; each !== "/"; each = parentOf(each)) directories.add(each);
    },
    async rename(from, to, signal) {
      enter(signal);
      look(from);
      requireWay(to);
      for (const key of [from, ...below(from)]) {
        const target = to + key.slice(from.length);
        const file = files.get(key);
        if (file !== undefined) files.set(target, file);
        else directories.add(target);
        files.delete(key);
        directories.delete(key);
      }
    },
    async remove(path, signal) {
      enter(signal);
      for (const key of [path, ...below(path)]) {
        files.delete(key);
        directories.delete(key);
      }
    },
  };
}

export async function collect(content: ByteSource | Bytes, check: () => void): Promise<Uint8Array> {
  if (content instanceof Uint8Array) return content.slice();
  const parts: Bytes[] = [];
  for await (const part of content) {
    check();
    parts.push(part.slice());
  }
  check();
  return concatBytes(parts);
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

function notFound(path: string): WsError {
  return new WsError("file_not_found", {
    message: `There is no file ${path}.`,
    next: "Write it first.",
    data: { path },
  });
}

function notDirectory(path: string): WsError {
  return new WsError("not_a_directory", {
    message: `${path} is not a directory.`,
    next: "Use another.",
    data: { path },
  });
}

function noFile(path: string): WsError {
  return new WsError("invalid_input", { message: `${path} is a directory.`, data: { field: "path" } });
}
