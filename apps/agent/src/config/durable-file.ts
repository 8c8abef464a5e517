import { closeSync, fsyncSync, openSync } from "node:fs";
import { dirname } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { diskFull, isFull } from "../store/disk-full.ts";

/** Replaces a file so that a crash or a power cut leaves the old content or the new, with mode 0600. Throws `disk_full`. */
export function writeDurable(path: string, content: string): void {
  try {
    writeFileAtomic.sync(path, content, { mode: 0o600, fsync: true });
  } catch (error) {
    throw isFull(error) ? diskFull(error) : error;
  }
  syncDirectory(dirname(path));
}

/** The rename itself is only on disk once its directory is. */
export function syncDirectory(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
