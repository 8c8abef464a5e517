import { confinedFault, type ConfinedFault, throwIfAborted, toWsError } from "@ws/workspace-core";
import { codeOf } from "../file-errors.ts";

/** What the caller's own code threw, which is not the file system's. */
class Theirs {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

/** Runs the caller's code so that what it throws reaches the caller as it is. */
export function theirs<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Theirs(error);
  }
}

/** The source's chunks; its failure is the caller's own. */
export async function* theirSource<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (error) {
    throw new Theirs(error);
  }
}

/** The whole of the work on a path: every failure of it gets its domain error. */
export async function about<T>(path: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    throwIfAborted(signal);
    return await named(path, work);
  } catch (error) {
    if (error instanceof Theirs) throw error.error;
    throwIfAborted(signal);
    throw toWsError(error);
  }
}

/** A part of it, in which what the file system answers is about another path. */
export async function named<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const fault = FAULTS[codeOf(error) ?? ""];
    throw fault === undefined ? error : confinedFault(fault, path);
  }
}

const FAULTS: Readonly<Record<string, ConfinedFault>> = {
  ENOENT: "file_not_found",
  ENOTDIR: "not_a_directory",
  EISDIR: "is_a_directory",
  EEXIST: "file_exists",
  ENOTEMPTY: "directory_not_empty",
  // Under O_NOFOLLOW: it became a link since it was looked at.
  ELOOP: "not_a_regular_file",
  ENXIO: "not_a_regular_file",
  EACCES: "permission_denied",
  EPERM: "permission_denied",
  EROFS: "permission_denied",
  ENOSPC: "disk_full",
  EDQUOT: "disk_full",
  EFBIG: "invalid_input",
  EINVAL: "invalid_input",
  ENAMETOOLONG: "invalid_input",
  EXDEV: "invalid_input",
  EBUSY: "invalid_input",
};
