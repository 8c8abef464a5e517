import { randomBytes } from "node:crypto";
import { existsSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Clock } from "@ws/workspace-core";

/** Space that is kept for the day on which the disk is full, so that what gives space back can still be written down. */
export interface Reserve {
  /** Gives the space back to the disk; false where there is none. */
  release(): boolean;
  /** Takes the space anew once there is plenty. */
  refill(): void;
}

const BYTES = 1024 * 1024;
const PLENTY = 64 * BYTES;
const LOOK_EVERY_MS = 60_000;

export function reservePath(configDir: string): string {
  return join(configDir, "state.reserve");
}

export function createReserve(path: string, clock: Pick<Clock, "monotonic">): Reserve {
  let kept = existsSync(path);
  let lookedAt = -LOOK_EVERY_MS;

  function refill(): void {
    if (kept || clock.monotonic() - lookedAt < LOOK_EVERY_MS) return;
    lookedAt = clock.monotonic();
    try {
      const { bavail, bsize } = statfsSync(dirname(path));
      if (bavail * bsize < PLENTY) return;
      // Zeros take no space on a file system that compresses.
      writeFileSync(path, randomBytes(BYTES), { mode: 0o600 });
      kept = true;
    } catch {
      rmSync(path, { force: true });
    }
  }

  refill();
  return {
    release() {
      const had = kept;
      rmSync(path, { force: true });
      kept = false;
      return had;
    },
    refill,
  };
}
