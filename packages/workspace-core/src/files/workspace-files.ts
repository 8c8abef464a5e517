import type { Box } from "../box.ts";
import type { Bytes, ByteSource } from "../bytes.ts";
import type { FileStat } from "../file-stat.ts";
import type { ConfinedEntry, ConfinedRead } from "../confined.ts";
import { lets } from "../policy/lets.ts";
import type { Policy } from "../policy/policy.ts";
import { relativePath } from "../policy/relative-path.ts";
import { gathered } from "./archive/gathered.ts";
import { joined } from "./archive/walk.ts";
import { unpackTar, type Unpacked } from "./archive/unpack-tar.ts";
import { writeTar } from "./archive/write-tar.ts";
import { writeZip } from "./archive/write-zip.ts";
import { behindPolicy } from "./behind-policy.ts";
import { editText, type Replacement } from "./edit-text.ts";
import { heldFiles } from "./held-files.ts";
import { find, type FindRequest, type FindResult } from "./find/find.ts";
import { grep, type GrepResult } from "./grep/grep.ts";
import type { GrepRequest } from "./grep/request.ts";
import { applyPatch, type PatchedFile } from "./patch/apply-patch.ts";
import { readText, type LineRange, type TextRead } from "./read-text.ts";
import { readWhole } from "./read-whole.ts";

interface Gone {
  signal?: AbortSignal;
}

export interface ListedEntry extends ConfinedEntry {
  /** Whether the policy lets nobody read it. */
  protected?: true;
}

export interface LookedAt extends FileStat {
  path: string;
  target?: string;
  version: string;
  readable: boolean;
  writable: boolean;
}

export interface Written {
  path: string;
  size: number;
  created: boolean;
  version: string;
}

/**
 * Files below a workspace's directory, as far as its policy lets them be seen and changed. Paths are relative, segments joined by `/`;
 * `""` is the directory itself, and a path is answered in its one form. Every method throws `path_traversal`, `path_not_allowed` and what `ConfinedFiles` throws;
 * what changes something throws `read_only`.
 */
export interface WorkspaceFiles {
  /** Whole lines, at most 1 MiB. Throws `file_too_large` for a larger file without a range; what is no text is told. */
  read(path: string, range?: LineRange): Promise<TextRead & { path: string }>;
  /** Directories first, then by name; what is hidden is left out. */
  list(
    path: string,
    options?: Gone & { limit?: number },
  ): Promise<{ path: string; entries: ListedEntry[]; truncated: boolean }>;
  /** Of the entry itself: a link is told, not followed. */
  stat(path: string, options?: Gone): Promise<LookedAt>;
  /** As a whole, with its parents. `expect` is a version, or `absent`: throws `file_changed`, `file_exists`. */
  write(
    path: string,
    content: ByteSource | Bytes,
    options?: Gone & { mode?: number; expect?: string },
  ): Promise<Written>;
  /** Throws `string_not_found`, `multiple_matches`, `identical_strings`, `binary_file`, `file_changed`. */
  edit(path: string, edit: Replacement & Gone & { expect?: string }): Promise<Written & { replacements: number }>;
  /** Whole or not at all. Throws `patch_check_failed`. */
  patch(patch: string, options?: Gone & { dryRun?: boolean }): Promise<PatchedFile[]>;
  mkdir(path: string, options?: Gone): Promise<{ path: string; created: boolean }>;
  move(from: string, to: string, options?: Gone & { replace?: boolean }): Promise<{ path: string }>;
  /** What is absent is success. */
  remove(path: string, options?: Gone & { recursive?: boolean }): Promise<{ path: string; removed: boolean }>;
  grep(request: Omit<GrepRequest, "path"> & Gone & { path?: string }): Promise<GrepResult>;
  /** Files by their names, without what git ignores. */
  find(request: FindRequest & Gone): Promise<FindResult>;
  /** The bytes of a file, from `offset` at most `length`. */
  download(path: string, options?: Gone & { offset?: number; length?: number }): Promise<ConfinedRead>;
  /** A directory in one stream. */
  archive(path: string, format: "tar" | "zip", options?: Gone): Promise<ByteSource>;
  /** The files of a tar, below a directory. The first that cannot be written ends it. */
  unpack(path: string, tar: ByteSource, options?: Gone): Promise<Unpacked>;
}

const MOST_ENTRIES = 20_000;

export interface WorkspaceFilesOptions {
  box: Box;
  /** The absolute directory that nothing leads out of. */
  root: string;
  policy: Policy;
  /** Told of work that may last, so that the workspace is not taken for one that nobody uses. */
  during?: (work: Promise<unknown>) => void;
}

export function createWorkspaceFiles(options: WorkspaceFilesOptions): WorkspaceFiles {
  const { box, root, policy, during = () => undefined } = options;
  const files = behindPolicy(heldFiles(box, root, policy), policy);
  const may = (act: "read" | "write", path: string): boolean => lets(policy, { act, path });

  return {
    async read(path, range) {
      return { path: relativePath(path), ...(await readText(files, path, range)) };
    },
    async list(path, { limit = MOST_ENTRIES, ...given } = {}) {
      const { path: real, entries } = await files.list(path, given);
      // They come by name.
      const directories = entries.filter(({ type }) => type === "directory");
      const others = entries.filter(({ type }) => type !== "directory");
      const shown = [...directories, ...others]
        .slice(0, limit)
        .map((entry): ListedEntry =>
          entry.type === "directory" || may("read", joined(real, entry.name)) ? entry : { ...entry, protected: true },
        );
      return { path: relativePath(path), entries: shown, truncated: shown.length < entries.length };
    },
    async stat(path, given) {
      const { links: _links, path: real, ...stat } = await files.stat(path, given);
      return { ...stat, path: relativePath(path), readable: may("read", real), writable: may("write", real) };
    },
    async write(path, content, { expect, mode, ...given } = {}) {
      const writing = files.write(path, content, {
        parents: true,
        ...(expect === undefined ? {} : { expect }),
        ...(mode === undefined ? {} : { mode }),
        ...given,
      });
      during(writing);
      const { created, stat } = await writing;
      return { path: relativePath(path), size: stat.size, created, version: stat.version };
    },
    async edit(path, { expect, signal, ...edit }) {
      const given = signal === undefined ? {} : { signal };
      // Before anything is told of what it holds.
      policy.demand({ act: "write", path });
      const old = await readWhole(files, path, signal);
      const { text, replacements } = editText(path, old.text, edit);
      const bytes = new TextEncoder().encode(text);
      const { stat, created } = await files.write(path, bytes, { expect: expect ?? old.version, ...given });
      return { path: relativePath(path), size: stat.size, created, version: stat.version, replacements };
    },
    patch: (patch, given) =>
      applyPatch(files, patch, { ...given, demand: (path) => policy.demand({ act: "write", path }) }),
    async mkdir(path, given) {
      const { created } = await files.mkdir(path, given);
      return { path: relativePath(path), created };
    },
    async move(from, to, given) {
      await files.rename(from, to, given);
      return { path: relativePath(to) };
    },
    async remove(path, given) {
      const { removed } = await files.remove(path, given);
      return { path: relativePath(path), removed };
    },
    async grep({ path = "", signal, ...request }) {
      const given = signal === undefined ? {} : { signal };
      // A link on the way is resolved here: the program would follow one that it is given.
      const { path: real } = await files.stat(path, { follow: true, ...given });
      return grep(box, root, { ...request, path: real }, { policy, ...given });
    },
    find: ({ signal, ...request }) => find(box, root, request, { policy, ...(signal === undefined ? {} : { signal }) }),
    async download(path, given) {
      const read = await files.read(path, given);
      return { ...read, content: lasting(read.content, during) };
    },
    async archive(path, format, { signal } = {}) {
      // What is wrong with the directory itself is said before the first byte.
      const { path: real } = await files.list(path, signal === undefined ? {} : { signal });
      const written = (format === "tar" ? writeTar : writeZip)(files, real, signal);
      return lasting(gathered(written), during);
    },
    async unpack(path, tar, { signal } = {}) {
      const unpacking = unpackTar(files, relativePath(path), tar, signal);
      during(unpacking);
      return unpacking;
    },
  };
}

/** From its first byte until it was read or left. */
async function* lasting(content: ByteSource, during: (work: Promise<unknown>) => void): AsyncGenerator<Bytes> {
  const { promise, resolve } = Promise.withResolvers<void>();
  during(promise);
  try {
    yield* content;
  } finally {
    resolve();
  }
}
