import { isWsError, WsError } from "@ws/workspace-core";

/** SQLITE_FULL; SQLITE_IOERR_SHMSIZE for the index of the write-ahead log; SQLITE_IOERR_WRITE for a quota that is used up. */
const FULL = new Set<unknown>([13, 4_874, 778, "ENOSPC", "EDQUOT"]);

/** Whether SQLite or the file system refused for want of room. */
export function isFull(error: unknown): boolean {
  const { errcode, code } = error as { errcode?: number; code?: string };
  return FULL.has(errcode) || FULL.has(code);
}

export function diskFull(cause: unknown): WsError<"disk_full"> {
  return new WsError("disk_full", {
    message: "The worker's disk is full: its state or its settings could not be written.",
    next: "Free space on the disk that holds the worker's config.json, then try again.",
    data: { freeBytes: 0 },
    cause,
  });
}

/** Does what meets a full disk again as long as room can be made. Throws `disk_full` where that was not enough. */
export function withRoom<T>(work: () => T, makeRoom: () => boolean): T {
  for (;;) {
    try {
      return work();
    } catch (error) {
      const known = isWsError(error, "disk_full");
      if (!known && !isFull(error)) throw error;
      if (!makeRoom()) throw known ? error : diskFull(error);
    }
  }
}
