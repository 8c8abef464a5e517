import { closeSync, fsyncSync, lstatSync, openSync, rmSync, writeSync } from "node:fs";
import { excerpt, WsError } from "@ws/workspace-core";
import { diskFull, isFull } from "../store/disk-full.ts";
import type { BundlePart } from "./collect-bundle.ts";

/**
 * Writes the texts one below the other into a new file of this user's, the list of them first; how many bytes that has. Throws `invalid_input` where the file exists or
 * cannot be made, `disk_full`; nothing is left of it then.
 */
export function writeBundle(file: string, parts: readonly BundlePart[]): number {
  const list = parts.map(({ name, what }) => `  ${name}: ${what}`);
  const bodies = parts.map(({ name, text }) => `\n===== ${name} =====\n${text}`);
  const content = Buffer.from(`What this file has:\n${list.join("\n")}\n${bodies.join("")}`);
  const handle = make(file);
  try {
    for (let at = 0; at < content.length;) at += writeSync(handle, content, at);
    fsyncSync(handle);
  } catch (error) {
    rmSync(file, { force: true });
    throw isFull(error) ? diskFull(error) : error;
  } finally {
    closeSync(handle);
  }
  return content.length;
}

/** To be asked before what goes into it is collected. Throws `invalid_input` where something has that name. */
export function requireFree(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) throw unfit(file, { code: "EEXIST" });
}

/** Neither over another file nor through a link. */
function make(file: string): number {
  try {
    return openSync(file, "wx", 0o600);
  } catch (cause) {
    throw unfit(file, cause as NodeJS.ErrnoException);
  }
}

function unfit(file: string, cause: Pick<NodeJS.ErrnoException, "code">): WsError {
  return new WsError("invalid_input", {
    message:
      cause.code === "EEXIST"
        ? `${excerpt(file)} exists already, and is not written over.`
        : `${excerpt(file)} cannot be made (${cause.code}).`,
    next: "Name another file, in a directory that is there and can be written.",
    data: { field: "file" },
    cause,
  });
}
