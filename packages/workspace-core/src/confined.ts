import type { Bytes, ByteSource } from "./bytes.ts";
import type { FileStat } from "./file-stat.ts";

/**
 * A short text that differs once a file's content does: made of its time of change, its size and its inode. Two changes
 * in place within one tick of the file system's clock that keep the size are the same to it.
 */
export type Version = string;

/** What lies at a path, as the held entry itself says. */
export interface ConfinedStat extends FileStat {
  /** Where it really lies below the root, after links; "" is the root. */
  path: string;
  /** Names that the same file has; more than one says nothing of where the others lie. */
  links: number;
  /** What a link says. */
  target?: string;
  version: Version;
}

export interface ConfinedEntry extends FileStat {
  name: string;
  /** What a link says. */
  target?: string;
}

/**
 * Asked with the real path below the root while the entry is held, before anything of it is given out or changed; what it throws is
 * the answer. The entry is absent where nothing lies there yet. Whoever refuses by path refuses here: a name asked about
 * before may since have become a link to another.
 */
export type Permit = (path: string, entry: ConfinedStat | undefined) => void;

export interface ConfinedOptions {
  permit?: Permit;
  signal?: AbortSignal;
}

/** An open regular file; left once its content was read or left, or at the latest by disposing of it. */
export interface ConfinedRead extends AsyncDisposable {
  path: string;
  stat: ConfinedStat;
  /** To be read once. */
  content: ByteSource;
}

export interface ConfinedWrite extends ConfinedOptions {
  /** Permission bits; without them the old file's stay, and a new one has 0644. */
  mode?: number;
  /** Makes the directories that are missing on the way. */
  parents?: boolean;
  /** What has to lie there still: throws `file_changed` for another version, and with `absent` `file_exists` where something lies. */
  expect?: Version;
}

/**
 * Files below one directory, which nothing leads out of: no `..`, no link, whatever swaps one in meanwhile. Paths are
 * relative, segments joined by `/`; "" is the directory itself. Links on the way are followed as long as they stay below.
 *
 * Throws `path_traversal` for what leads out, `file_not_found`, `not_a_directory`, `is_a_directory`, `not_a_regular_file`,
 * `permission_denied`, `disk_full`, `invalid_input` for no path at all, and `box_feature_missing` where the place lacks the means.
 */
export interface ConfinedFiles {
  /** Of the entry itself unless `follow`: then of what a link leads to. */
  stat(path: string, options?: ConfinedOptions & { follow?: boolean }): Promise<ConfinedStat>;
  /** By name; every entry is reported as itself, links too. */
  list(path: string, options?: ConfinedOptions): Promise<{ path: string; entries: ConfinedEntry[] }>;
  /** Of a regular file from `offset` (default 0) at most `length` bytes (default all). Anything else is refused at once, never waited for. */
  read(path: string, options?: ConfinedOptions & { offset?: number; length?: number }): Promise<ConfinedRead>;
  /**
   * Replaces the file as a whole: readers see the old content or the new. Never through a link, which throws
   * `not_a_regular_file`, nor into another name of the same file, which keeps the old content.
   */
  write(
    path: string,
    content: ByteSource | Bytes,
    options?: ConfinedWrite,
  ): Promise<{ path: string; created: boolean; stat: ConfinedStat }>;
  /** With parents; an existing directory is success. */
  mkdir(path: string, options?: ConfinedOptions): Promise<{ path: string; created: boolean }>;
  /**
   * Moves an entry; a link is moved, not followed. What lies at `to` throws `file_exists` unless `replace`. The permit is asked
   * about both, and of a directory about everything below it under both.
   */
  rename(from: string, to: string, options?: ConfinedOptions & { replace?: boolean }): Promise<{ path: string }>;
  /**
   * What is absent is success. A link is removed, not followed. A directory that is not empty throws `directory_not_empty`
   * unless `recursive`; the permit is then asked about everything below it, before the first is removed.
   */
  remove(
    path: string,
    options?: ConfinedOptions & { recursive?: boolean },
  ): Promise<{ path: string; removed: boolean }>;
}
