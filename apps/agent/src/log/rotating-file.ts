import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";

export interface LineFile extends Disposable {
  write(line: string): void;
}

/** A log file of at most `limit` bytes beside its predecessor `PATH.1`. A full disk costs log lines, never the agent. */
export function openRotatingFile(path: string, limit = 5 * 1024 * 1024): LineFile {
  let handle = openSync(path, "a", 0o600);
  let size = fstatSync(handle).size;

  function rotate(): void {
    closeSync(handle);
    renameSync(path, `${path}.1`);
    handle = openSync(path, "a", 0o600);
    size = 0;
  }

  return {
    write(line) {
      try {
        if (size > 0 && size + line.length > limit) rotate();
        size += writeSync(handle, line);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
    },
    [Symbol.dispose]() {
      closeSync(handle);
    },
  };
}
