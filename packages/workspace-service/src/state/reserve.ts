import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, openSync, statfsSync, statSync, truncateSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { asDiskFull, codeOf } from "./durable-file.ts";

/** Space that is kept for the day on which the disk is full, so that what gives space back can still be written down. */
export interface Reserve {
  /** Does what gives space back or takes rights away, on the space that is kept where there is no other. Throws `disk_full`. */
  insist<T>(work: () => T): T;
  /** Takes the space anew once there is plenty. */
  refill(): void;
}

const PART = 256 * 1024;
const BYTES = 4 * PART;
const PLENTY = 64 * BYTES;

export function createReserve(path: string): Reserve {
  const size = (): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

  /** As large as it may be and can be. */
  function take(): void {
    try {
      const file = openSync(path, "a", 0o600);
      try {
        // Zeros would take no space on a file system that compresses.
        const noise = randomBytes(PART);
        for (let left = BYTES - fstatSync(file).size; left > 0;)
          left -= writeSync(file, noise, 0, Math.min(PART, left));
      } finally {
        closeSync(file);
      }
    } catch {
      // As much as there was.
    }
  }

  function give(): boolean {
    const now = size();
    if (now === 0) return false;
    try {
      truncateSync(path, Math.max(0, now - PART));
      return true;
    } catch {
      return false;
    }
  }

  return {
    insist(work) {
      let hasGiven = false;
      try {
        for (;;) {
          try {
            return work();
          } catch (error) {
            const known = asDiskFull(error, path);
            if (codeOf(known) !== "disk_full" || !give()) throw known;
            hasGiven = true;
          }
        }
      } finally {
        if (hasGiven) take();
      }
    },
    refill() {
      if (size() >= BYTES) return;
      const { bavail, bsize } = statfsSync(dirname(path));
      if (bavail * bsize >= PLENTY) take();
    },
  };
}
