import { diskRoom } from "./disk-room.ts";
import { WsError } from "./errors.ts";
import type { Disk, Log } from "./ports.ts";

/** Refuses new work on a full disk and warns on one that fills up. Throws `disk_full`. */
export async function admit(disk: Disk, log: Log): Promise<void> {
  const free = await disk.free();
  const { level, text } = diskRoom(free);
  if (level === "full") {
    throw new WsError("disk_full", {
      message: `The worker's disk is nearly full: ${text}.`,
      next: "Delete a workspace ('ws list', 'ws delete NAME') or free space, then try again.",
      data: { freeBytes: free.bytes },
    });
  }
  if (level === "low") {
    log.warn("the worker's disk is filling up", { freeBytes: free.bytes, freeInodes: free.inodes });
  }
}
