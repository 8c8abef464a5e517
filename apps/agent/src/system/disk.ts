import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Disk } from "@ws/workspace-core";

/** Free space, for an ordinary user, of the fullest file system among these directories; one that is not there yet counts as its parent. */
export function createDisk(directories: () => readonly string[]): Disk {
  return {
    async free() {
      const found = await Promise.all(directories().map(measure));
      const [fullest] = found.sort((a, b) => a.bytes - b.bytes);
      if (fullest === undefined) throw new Error("no directory to measure");
      return fullest;
    },
  };
}

async function measure(directory: string): ReturnType<Disk["free"]> {
  try {
    const { bavail, blocks, bsize, ffree, files } = await statfs(directory);
    return { bytes: bavail * bsize, totalBytes: blocks * bsize, inodes: ffree, totalInodes: files };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || directory === dirname(directory)) throw error;
    return measure(dirname(directory));
  }
}
