import type { FileChange } from "@ws/rpc-contract";

/** What may be different from what is shown. */
export interface Changed {
  /** Anything: then the rest says nothing. */
  all: boolean;
  /** Entries that were made, changed, moved or removed. */
  paths: ReadonlySet<string>;
  /** Git, and hidden files, of which only this is told. */
  git: boolean;
}

/**
 * Reads again what changed, one round after the other: what comes meanwhile waits for the next, so that a slow answer is not
 * given up for a newer question over and over.
 */
export function createCatchUp(read: (changed: Changed) => Promise<unknown>): (change: FileChange) => void {
  let waiting: { all: boolean; paths: Set<string>; git: boolean } | undefined;
  let reading = false;

  async function readOn(): Promise<void> {
    reading = true;
    for (let changed = waiting; changed !== undefined; changed = waiting) {
      waiting = undefined;
      // What could not be read says so itself, in its place.
      await read(changed).catch(() => undefined);
    }
    reading = false;
  }

  return (change) => {
    waiting ??= { all: false, paths: new Set(), git: false };
    if ("resync" in change) waiting.all = true;
    else if ("git" in change) waiting.git = true;
    else for (const path of change.paths) waiting.paths.add(path);
    if (!reading) void readOn();
  };
}
