import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, openSync, rmSync, statSync, statfsSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "@ws/workspace-core";

/** Space that is kept for the day on which the disk is full, so that what gives space back can still be written down. */
export interface Reserve {
  /** Gives a part of the space back to the disk; false where none is left. */
  give(): boolean;
  /** Takes back, of what was given, whatever nobody has used. */
  retake(): void;
  /** Takes the space anew once there is plenty. */
  refill(): void;
}

const BYTES = 1024 * 1024;
const PART = BYTES / 4;
const PLENTY = 64 * BYTES;
const LOOK_EVERY_MS = 60_000;

export function createReserve(configDir: string, clock: Pick<Clock, "monotonic">): Reserve {
  const path = join(configDir, "state.reserve");
  let whole = statSync(path, { throwIfNoEntry: false })?.size === BYTES;
  let given = false;
  let lookedAt = -LOOK_EVERY_MS;

  /** Makes the file as large as it may be and can be. */
  function take(): void {
    try {
      using file = openFile(path);
      // Zeros would take no space on a file system that compresses.
      const noise = randomBytes(PART);
      while (file.size() < BYTES) writeSync(file.handle, noise, 0, Math.min(PART, BYTES - file.size()));
      whole = true;
      given = false;
    } catch {
      whole = false;
    }
  }

  return {
    give() {
      whole = false;
      try {
        const { size } = statSync(path);
        if (size > PART) truncateSync(path, size - PART);
        else rmSync(path);
        return (given = true);
      } catch {
        return false;
      }
    },
    retake() {
      if (given) take();
    },
    refill() {
      if (whole || clock.monotonic() - lookedAt < LOOK_EVERY_MS) return;
      lookedAt = clock.monotonic();
      if (hasPlenty(configDir)) take();
    },
  };
}

/** Where nobody can say, there is not: what was written meanwhile must not be told to have failed. */
function hasPlenty(directory: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize >= PLENTY;
  } catch {
    return false;
  }
}

function openFile(path: string): Disposable & { handle: number; size: () => number } {
  const handle = openSync(path, "a", 0o600);
  return { handle, size: () => fstatSync(handle).size, [Symbol.dispose]: () => closeSync(handle) };
}
