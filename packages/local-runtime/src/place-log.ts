import { open } from "node:fs/promises";
import type { Printed } from "@ws/workspace-core";
import { fileError } from "./file-errors.ts";

/** What is read of it at most: whatever runs in the place can write to it, as long as it likes. */
const LONGEST = 4 * 1024 * 1024;

/** What a place's first process printed: what bubblewrap had to say. The file only ever grows. */
export async function* readPlaceLog(
  path: string,
  { tail, after = "0" }: { tail?: number; after?: string },
): AsyncGenerator<Printed> {
  // It comes from whoever reads, who may have made it up.
  const read = await readEnd(path, Number.isSafeInteger(Number(after)) ? Number(after) : 0);
  if (read === undefined) return;
  const { bytes, end, leftOut } = read;
  const kept = bytes.subarray(tail === undefined ? 0 : lastLines(bytes, tail));
  const isWhole = kept.length < bytes.length || leftOut === 0;
  const said = isWhole ? kept : Buffer.concat([Buffer.from(`[${leftOut} bytes left out]\n`), kept]);
  if (said.length > 0) yield { bytes: said, at: String(end) };
}

/** From a place in the file to its end, less what there is too much of. Nothing where there is no such file. */
async function readEnd(
  path: string,
  from: number,
): Promise<{ bytes: Buffer; end: number; leftOut: number } | undefined> {
  const opened = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw fileError(error, path);
  });
  if (opened === undefined) return undefined;
  await using file = opened;
  const { size } = await file.stat();
  const start = Math.max(from, size - LONGEST);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(0, size - start)), { position: start });
  return { bytes: buffer.subarray(0, bytesRead), end: start + bytesRead, leftOut: start - from };
}

/** Where so many last lines begin. */
function lastLines(bytes: Buffer, count: number): number {
  // The end of the last line is not one between two lines.
  let at = bytes.length - (bytes.at(-1) === NEWLINE ? 1 : 0);
  if (count === 0) return bytes.length;
  for (let left = count; left > 0; left -= 1) {
    if (at <= 0) return 0;
    at = bytes.lastIndexOf(NEWLINE, at - 1);
    if (at === -1) return 0;
  }
  return at + 1;
}

const NEWLINE = 10;
