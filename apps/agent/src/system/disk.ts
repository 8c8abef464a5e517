import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { diskRoom, type Disk } from "@ws/workspace-core";

const LEVELS = ["full", "low", "ample"];

/**
 * Free space, for an ordinary user, of the file system among these directories that has the least room, in bytes or in inodes; one that is not there
 * yet counts as its parent.
 */
export function createDisk(directories: () => readonly string[]): Disk {
  return {
    async free() {
      const found = await Promise.all(directories().map(measure));
      const rank = (one: (typeof found)[number]): number => LEVELS.indexOf(diskRoom(one).level);
      const [fullest] = found.sort((a, b) => rank(a) - rank(b) || a.bytes - b.bytes);
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
