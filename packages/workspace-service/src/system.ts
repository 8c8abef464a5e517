import { execFile } from "node:child_process";
import { statfs } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Clock, Disk, Log } from "@ws/workspace-core";

/** The machine's clocks. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
};

export const QUIET_LOG: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** The free space where a directory lies, for this user. */
export function diskOf(directory: string): Disk {
  return {
    async free() {
      const { bavail, blocks, bsize, ffree, files } = await statfs(directory);
      return { bytes: bavail * bsize, totalBytes: blocks * bsize, inodes: ffree, totalInodes: files };
    },
  };
}

/** In whose name this machine's user commits, as git's own configuration of the user says. */
export async function userIdentity(): Promise<Identity | undefined> {
  const ask = async (key: string): Promise<string> => {
    try {
      // Of the user and the system only: a repository's own configuration is no setting of ours.
      const { stdout } = await promisify(execFile)("git", ["config", "--global", "--get", key], { cwd: "/" });
      return stdout.trim();
    } catch {
      return "";
    }
  };
  const [name, email] = await Promise.all([ask("user.name"), ask("user.email")]);
  return name === "" || email === "" ? undefined : { name, email };
}

export interface Identity {
  name: string;
  email: string;
}
