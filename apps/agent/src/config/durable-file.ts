import { closeSync, fsyncSync, openSync } from "node:fs";
import { dirname } from "node:path";
import writeFileAtomic from "write-file-atomic";

/** Replaces a file so that a crash or a power cut leaves the old content or the new, with mode 0600. */
export function writeDurable(path: string, content: string): void {
  writeFileAtomic.sync(path, content, { mode: 0o600, fsync: true });
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
