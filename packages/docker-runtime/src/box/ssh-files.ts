import { type BoxFiles, type FileStat, throwIfAborted, type WsError } from "@ws/workspace-core";
import type { Attributes, FileEntryWithStats, Stats } from "ssh2";

import { isEntryName } from "./entry-name.ts";
import { fileError, notADirectory, notAFile, parentOf, permissionDenied } from "./file-errors.ts";
import { readFile } from "./read-file.ts";
import { SFTP_FAILURE, SFTP_NO_SUCH_FILE, type Sftp, sftpCode } from "./sftp.ts";
import { writeFile } from "./write-file.ts";

/** Up to here a file is moved beside the commands, without a wait for the bulk connection. */
export const SMALL_FILE = 64 * 1024;

/** Files over SFTP, as the workspace's user. */
export function createSshFiles(ways: {
  quick: Sftp;
  /** For content of unknown or large size. */
  bulk(): Promise<Sftp>;
  /** Removes a whole tree; false where something is left. */
  removeTree(path: string, signal?: AbortSignal): Promise<boolean>;
  /** A failure that the connection's end explains becomes that. */
  closedError(): Error | undefined;
}): BoxFiles {
  const { quick } = ways;

  async function lstat(path: string): Promise<FileStat | undefined> {
    try {
      return toStat(await quick.request<Stats>((sftp, done) => sftp.lstat(path, done)));
    } catch (error) {
      if (sftpCode(error) === SFTP_NO_SUCH_FILE) return undefined;
      throw error;
    }
  }

  async function free(path: string): Promise<number | undefined> {
    const info = await quick
      .request<{ f_bavail: number; f_frsize: number }>((sftp, done) => {
        // Declared without the value that it calls back with.
        (sftp as unknown as StatVfs).ext_openssh_statvfs(path, done);
      })
      .catch(() => undefined);
    return info === undefined ? undefined : info.f_bavail * info.f_frsize;
  }

  const explain = (error: unknown, path: string): Promise<WsError> =>
    fileError(error, path, { lstat: (each) => lstat(each).catch(() => undefined), free });

  /** Runs the requests of one operation; every failure leaves as a domain error about this path. */
  async function about<T>(path: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    throwIfAborted(signal);
    try {
      return await work();
    } catch (error) {
      throwIfAborted(signal);
      throw ways.closedError() ?? (await explain(error, path));
    }
  }

  const files: BoxFiles = {
    stat: (path, signal) =>
      about(path, signal, async () => toStat(await quick.request<Stats>((sftp, done) => sftp.lstat(path, done)))),

    list: (path, signal) =>
      about(path, signal, async () => {
        const entries = await quick.request<FileEntryWithStats[]>((sftp, done) => sftp.readdir(path, done));
        return entries
          .filter(({ filename }) => isEntryName(filename))
          .map(({ filename, attrs }) => ({ name: filename, ...toStat(attrs) }))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
      }),

    async *read(path, { offset = 0, length = Infinity, signal } = {}) {
      const content = await about(path, signal, async () => {
        // Opening a pipe waits for its other end, and with it everybody who reads files.
        const stat = await quick.request<Stats>((sftp, done) => sftp.stat(path, done));
        if (toStat(stat).type !== "file") throw notAFile(path);
        const sftp = Math.min(length, stat.size - offset) <= SMALL_FILE ? quick : await ways.bulk();
        return readFile(sftp, path, { offset, length, ...(signal !== undefined && { signal }) });
      });
      try {
        for (;;) {
          const next = await about(path, signal, () => content.next());
          if (next.done === true) return;
          yield next.value;
        }
      } finally {
        await content.return().catch(() => undefined);
      }
    },

    write: (path, content, { mode, signal } = {}) =>
      about(path, signal, async () => {
        const existing = await lstat(path);
        if (existing?.type === "directory") throw notAFile(path);
        const small = content instanceof Uint8Array && content.length <= SMALL_FILE;
        await writeFile(small ? quick : await ways.bulk(), path, content, {
          mode: mode ?? (existing?.type === "file" ? existing.mode : 0o644),
          explain: async (error) => (sftpCode(error) === SFTP_FAILURE ? explain(error, path) : error),
          ...(signal !== undefined && { signal }),
        });
      }),

    mkdir: (path, signal) =>
      about(path, signal, async () => {
        const missing: string[] = [];
        for (let each = path; each !== "/"; each = parentOf(each)) {
          try {
            await quick.request<void>((sftp, done) => sftp.mkdir(each, done));
            break;
          } catch (error) {
            if (sftpCode(error) === SFTP_NO_SUCH_FILE && (await lstat(each)) === undefined) {
              missing.push(each);
              continue;
            }
            const there = await quick.request<Stats>((sftp, done) => sftp.stat(each, done)).catch(() => undefined);
            if (there === undefined) throw error;
            if (toStat(there).type !== "directory") throw notADirectory(each, error);
            break;
          }
        }
        for (const each of missing.reverse()) {
          await quick
            .request<void>((sftp, done) => sftp.mkdir(each, done))
            .catch(async (error: unknown) => {
              // Somebody else may have made it meanwhile.
              if (sftpCode(error) !== SFTP_FAILURE || (await lstat(each))?.type !== "directory") throw error;
            });
        }
      }),

    async rename(from, to, signal) {
      try {
        throwIfAborted(signal);
        await quick.request<void>((sftp, done) => sftp.ext_openssh_rename(from, to, done));
      } catch (error) {
        const source = await lstat(from).catch(() => undefined);
        await about(source === undefined ? from : to, signal, () => Promise.reject(error as Error));
      }
    },

    remove: (path, signal) =>
      about(path, signal, async () => {
        const existing = await lstat(path).catch((error: unknown) => {
          // Below a file there is nothing.
          if (sftpCode(error) === SFTP_NO_SUCH_FILE) return undefined;
          throw error;
        });
        if (existing === undefined) return;
        if (existing.type !== "directory") {
          await quick
            .request<void>((sftp, done) => sftp.unlink(path, done))
            .catch((error: unknown) => {
              if (sftpCode(error) !== SFTP_NO_SUCH_FILE) throw error;
            });
          return;
        }
        if (!(await ways.removeTree(path, signal))) throw permissionDenied(path);
      }),
  };
  return files;
}

interface StatVfs {
  ext_openssh_statvfs(
    path: string,
    done: (error: Error | undefined, value: { f_bavail: number; f_frsize: number }) => void,
  ): void;
}

function toStat(attributes: Attributes): FileStat {
  const { mode, size, mtime } = attributes;
  return { type: TYPES[mode & 0o170000] ?? "other", size, mode: mode & 0o7777, modifiedAt: mtime * 1_000 };
}

const TYPES: Readonly<Record<number, FileStat["type"]>> = {
  0o100000: "file",
  0o040000: "directory",
  0o120000: "symlink",
};
