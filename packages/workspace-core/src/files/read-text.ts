import { concatBytes } from "../bytes.ts";
import { throwIfAborted } from "../aborted.ts";
import type { ConfinedFiles } from "../confined.ts";
import { decodeText, isBinary, SNIFFED, TEXT_LIMIT, tooLarge, wholeCharacters } from "./text.ts";

export type TextRead =
  | { binary: true; size: number; version: string }
  | {
      binary: false;
      content: string;
      size: number;
      /** From 1. */
      offset: number;
      limit?: number;
      linesRead: number;
      /** Absent where the end was not reached. */
      totalLines?: number;
      /** Whether the file goes on after the content. */
      truncated: boolean;
      version: string;
    };

export interface LineRange {
  /** The first line, from 1. */
  offset?: number;
  /** At most so many lines. */
  limit?: number;
  signal?: AbortSignal;
}

const NEWLINE = 10;

/** Lines of a file, line ends included, at most 1 MiB of them. Throws `file_too_large` for a larger file without a range, and what `read` throws. */
export async function readText(files: ConfinedFiles, path: string, range: LineRange = {}): Promise<TextRead> {
  const { offset = 1, limit, signal } = range;
  await using file = await files.read(path, signal === undefined ? {} : { signal });
  const { size, version } = file.stat;
  const whole = range.offset === undefined && limit === undefined;
  const taking = createTaking(offset, limit ?? Infinity);
  let seen = 0;
  let left = false;
  for await (const chunk of file.content) {
    throwIfAborted(signal);
    if (seen < SNIFFED && isBinary(chunk.subarray(0, SNIFFED - seen))) return { binary: true, size, version };
    seen += chunk.length;
    if (whole && size > TEXT_LIMIT && seen >= SNIFFED) break;
    taking.take(chunk);
    // Lines of a small file are counted to its end.
    left = taking.full() || (taking.done() && size > TEXT_LIMIT);
    if (left) break;
  }
  if (whole && size > TEXT_LIMIT) {
    throw tooLarge(
      path,
      size,
      TEXT_LIMIT,
      "Ask for a part of it with an offset or a limit of lines, or take its bytes: ws file get.",
    );
  }
  const { bytes, linesRead, cut } = taking.taken();
  const content = decodeText(bytes);
  if (content === undefined) return { binary: true, size, version };
  return {
    binary: false,
    content,
    size,
    offset,
    ...(limit === undefined ? {} : { limit }),
    linesRead,
    ...(left ? {} : { totalLines: taking.lines() }),
    truncated: cut || taking.after() || (left && seen < size),
    version,
  };
}

interface Taking {
  take(chunk: Uint8Array): void;
  /** Whether all the lines that are wanted are there. */
  done(): boolean;
  /** Whether more was wanted than can be taken. */
  full(): boolean;
  /** Whether something came after what is wanted. */
  after(): boolean;
  lines(): number;
  taken(): { bytes: Uint8Array; linesRead: number; cut: boolean };
}

/** Lines from `offset` on, at most `limit` of them and 1 MiB. */
function createTaking(offset: number, limit: number): Taking {
  const last = offset + limit;
  const parts: Uint8Array[] = [];
  let held = 0;
  /** The line that the next byte belongs to, and whether it has any yet. */
  let line = 1;
  let begun = false;
  let after = false;

  return {
    take(chunk) {
      for (let at = 0; at < chunk.length;) {
        const newline = chunk.indexOf(NEWLINE, at);
        const end = newline === -1 ? chunk.length : newline + 1;
        if (line >= offset && line < last && held <= TEXT_LIMIT) {
          parts.push(chunk.slice(at, end));
          held += end - at;
        } else if (line >= last) after = true;
        begun = newline === -1;
        if (newline !== -1) line += 1;
        at = end;
      }
    },
    done: () => line >= last,
    full: () => held > TEXT_LIMIT,
    after: () => after,
    lines: () => (begun ? line : line - 1),
    taken() {
      const bytes = concatBytes(parts).subarray(0, TEXT_LIMIT);
      const cut = held > TEXT_LIMIT;
      const kept = cut ? wholeLines(bytes) : bytes;
      return { bytes: kept, linesRead: countLines(kept), cut };
    },
  };
}

/** A line that alone is too long is cut within. */
function wholeLines(bytes: Uint8Array): Uint8Array {
  const newline = bytes.lastIndexOf(NEWLINE);
  return newline === -1 ? wholeCharacters(bytes) : bytes.subarray(0, newline + 1);
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return bytes.length > 0 && bytes.at(-1) !== NEWLINE ? count + 1 : count;
}
