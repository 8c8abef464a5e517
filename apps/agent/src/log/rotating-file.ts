import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";

export interface LineFile extends Disposable {
  /** Never throws: what cannot be written is lost. */
  write(line: string): void;
}

/** A log file of at most `limit` bytes beside its predecessor `PATH.1`. A disk that refuses costs log lines, never the agent. */
export function openRotatingFile(path: string, limit = 5 * 1024 * 1024): LineFile {
  let handle: number | undefined = openSync(path, "a", 0o600);
  let size = fstatSync(handle).size;

  /** The old file is let go when the new one is there: a number that was closed soon belongs to another file. */
  function rotate(old: number): number {
    try {
      renameSync(path, `${path}.1`);
    } catch (error) {
      // Somebody moved it, or the last try got no further than this.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    handle = openSync(path, "a", 0o600);
    size = fstatSync(handle).size;
    closeSync(old);
    return handle;
  }

  return {
    write(line) {
      if (handle === undefined) return;
      try {
        const to = size > 0 && size + line.length > limit ? rotate(handle) : handle;
        size += writeSync(to, line);
      } catch {
        // Where a log cannot be written, there is nowhere to say so.
      }
    },
    [Symbol.dispose]() {
      if (handle === undefined) return;
      closeSync(handle);
      handle = undefined;
    },
  };
}
