import { WsError } from "./errors.ts";
import type { Disk, Log } from "./ports.ts";

const GIB = 1024 ** 3;

/** Refuses new work below 2 GiB or 2 % free (bytes or inodes), warns below 10 GiB or 10 %. Throws `disk_full`. */
export async function admit(disk: Disk, log: Log): Promise<void> {
  const free = await disk.free();
  const bytes = free.bytes / free.totalBytes;
  // A file system without fixed inodes reports none at all.
  const inodes = free.totalInodes === 0 ? 1 : free.inodes / free.totalInodes;
  if (free.bytes < 2 * GIB || bytes < 0.02 || inodes < 0.02) {
    throw new WsError("disk_full", {
      message: `The worker's disk is nearly full: ${gib(free.bytes)} and ${Math.floor(inodes * 100)} % of the inodes are free.`,
      next: "Delete a workspace ('ws list', 'ws delete NAME') or free space, then try again.",
      data: { freeBytes: free.bytes },
    });
  }
  if (free.bytes < 10 * GIB || bytes < 0.1 || inodes < 0.1) {
    log.warn("the worker's disk is filling up", { freeBytes: free.bytes, freeInodes: free.inodes });
  }
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
