import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** The last whole lines of a file, so many bytes at most: of one that was cut, nobody could tell a secret that it began with. Empty where there is none. */
export function readEnd(path: string, most: number): string {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    // One byte more tells whether a line begins there.
    const from = Math.max(0, size - most - 1);
    const bytes = Buffer.alloc(Math.min(size - from, most + 1));
    const read = readSync(file, bytes, 0, bytes.length, from);
    const text = bytes.subarray(0, read);
    return String(from === 0 ? text.subarray(0, most) : text.subarray(text.indexOf("\n") + 1 || text.length));
  } finally {
    closeSync(file);
  }
}
