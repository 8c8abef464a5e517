import type { Disk } from "./ports.ts";

const GIB = 1024 ** 3;

export interface DiskRoom {
  /** `full` below 2 GiB or 2 % free (bytes or inodes), `low` below 10 GiB or 10 %. */
  level: "ample" | "low" | "full";
  /** Such as `1.4 GiB and 88 % of the inodes are free`. */
  text: string;
}

/** Whether a disk has room for new work. */
export function diskRoom(free: Awaited<ReturnType<Disk["free"]>>): DiskRoom {
  const bytes = free.bytes / free.totalBytes;
  // A file system without fixed inodes reports none at all.
  const inodes = free.totalInodes === 0 ? 1 : free.inodes / free.totalInodes;
  const below = (gib: number, share: number): boolean => free.bytes < gib * GIB || bytes < share || inodes < share;
  return {
    level: below(2, 0.02) ? "full" : below(10, 0.1) ? "low" : "ample",
    text: `${(free.bytes / GIB).toFixed(1)} GiB and ${Math.floor(inodes * 100)} % of the inodes are free`,
  };
}
