import { WsError } from "@ws/workspace-core";

/** SQLITE_FULL, SQLITE_IOERR_SHMSIZE for the index of the write-ahead log, and what the file system itself says. */
export function isFull(error: unknown): boolean {
  const { errcode, code } = error as { errcode?: number; code?: string };
  return errcode === 13 || errcode === 4874 || code === "ENOSPC";
}

export function diskFull(cause: unknown): WsError<"disk_full"> {
  return new WsError("disk_full", {
    message: "The worker's disk is full: its state or its settings could not be written.",
    next: "Free space on the disk that holds the worker's config.json, then try again.",
    data: { freeBytes: 0 },
    cause,
  });
}

/** Does what meets a full disk once more when room was made. Throws `disk_full` where that was not enough. */
export function withRoom<T>(work: () => T, makeRoom: () => void): T {
  try {
    return work();
  } catch (error) {
    if (!isFull(error)) throw error;
  }
  makeRoom();
  try {
    return work();
  } catch (error) {
    throw isFull(error) ? diskFull(error) : error;
  }
}
