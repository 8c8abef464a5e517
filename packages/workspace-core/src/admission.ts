import { diskRoom } from "./disk-room.ts";
import type { Engine } from "./engine.ts";
import { WsError } from "./errors.ts";
import type { Runtime } from "./ports.ts";
import type { Limits } from "./workspace.ts";

/** Refuses new work on a full disk, once nothing is left there that can be had again, and warns on one that fills up. Throws `disk_full`. */
export async function admit({ disk, log, git }: Pick<Engine, "disk" | "log" | "git">): Promise<void> {
  let free = await disk.free();
  if (diskRoom(free).level === "full" && (await git.removeUnused()) > 0) free = await disk.free();
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

/** Throws `invalid_input` where more CPUs are asked for than there are, while there is no record yet that would keep them. */
export async function requireCpus(runtime: Runtime, { cpus }: Limits): Promise<void> {
  if (cpus === undefined) return;
  const { cpus: there } = await runtime.status();
  if (there === undefined || cpus <= there) return;
  throw new WsError("invalid_input", {
    message: `A workspace cannot have ${cpus} CPUs: this worker has ${there}.`,
    next: `Ask for ${there} or fewer.`,
    data: { field: "limits.cpus" },
  });
}
