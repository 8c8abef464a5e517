import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { WsError } from "@ws/workspace-core";

const UNFINISHED = ".unfinished";

/** Whole or not at all, also when the power fails; on disk when it returns, and this user's alone. Throws `disk_full`. */
export function writeDurably(path: string, text: string): void {
  const beside = `${path}.${randomBytes(6).toString("hex")}${UNFINISHED}`;
  try {
    withFile(beside, "wx", (file) => {
      writeAll(file, text);
      fsyncSync(file);
    });
    renameSync(beside, path);
    syncDirectory(dirname(path));
  } catch (error) {
    rmSync(beside, { force: true });
    throw asDiskFull(error, path);
  }
}

/** Gone from the disk when it returns, its content first; what is absent is success. */
export function removeDurably(path: string): void {
  try {
    // What lies in the file's blocks should not outlive its name longer than it must.
    withFile(path, "r+", (file) => {
      try {
        writeAll(file, "\0".repeat(statSync(path).size));
        fsyncSync(file);
      } catch (error) {
        // Where a file system writes anew what is overwritten, a full one has no room for that.
        if (codeOf(asDiskFull(error, path)) !== "disk_full") throw error;
      }
      ftruncateSync(file);
    });
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  syncDirectory(dirname(path));
}

/** A directory for this user alone, without what a writer that was killed left in it. */
export function makePrivateDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(path)) if (name.endsWith(UNFINISHED)) rmSync(join(path, name), { force: true });
}

/** A full disk as the domain's error, anything else as it is. */
export function asDiskFull(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (code !== "ENOSPC" && code !== "EDQUOT") return error;
  return new WsError("disk_full", {
    message: `There is no room left to write ${path}.`,
    next: "Free some space: clean up workspaces that are not needed.",
    data: {},
    cause: error,
  });
}

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function withFile(path: string, flags: string, work: (file: number) => void): void {
  const file = openSync(path, flags, 0o600);
  try {
    work(file);
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, at);
}

function syncDirectory(path: string): void {
  withFile(path, "r", (directory) => fsyncSync(directory));
}
