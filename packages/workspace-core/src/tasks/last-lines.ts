import type { Bytes } from "../bytes.ts";

interface Part {
  /** Of the first of the bytes. */
  offset: number;
  bytes: Bytes;
}

/** As much as is kept behind the beginning of an output. */
const MOST_BYTES = 4 * 1024 * 1024;
const NEWLINE = 10;

/**
 * The last lines of what is read, 4 MiB at most, and the offset behind it. No more than
 * twice that is held, however much comes.
 */
export async function lastLines<P extends Part>(
  source: AsyncIterable<P>,
  lines: number,
): Promise<{ parts: P[]; end: number }> {
  let parts: P[] = [];
  let held = 0;
  let end = 0;
  for await (const part of source) {
    parts.push(part);
    held += part.bytes.length;
    end = part.offset + part.bytes.length;
    // Cut only now and then, so that each byte is looked at a few times at most.
    if (held < 2 * MOST_BYTES) continue;
    parts = lastBytes(parts, MOST_BYTES);
    held = MOST_BYTES;
  }
  return { parts: cutLines(lastBytes(parts, MOST_BYTES), lines), end };
}

function lastBytes<P extends Part>(parts: readonly P[], most: number): P[] {
  const kept: P[] = [];
  let left = most;
  for (const part of parts.toReversed()) {
    if (left === 0) break;
    const first = Math.max(0, part.bytes.length - left);
    kept.push(from(part, first));
    left -= part.bytes.length - first;
  }
  return kept.reverse();
}

function cutLines<P extends Part>(parts: readonly P[], lines: number): P[] {
  const kept: P[] = [];
  // How many line ends to pass, backwards: the one at the very end begins no further line.
  let left = lines + (parts.at(-1)?.bytes.at(-1) === NEWLINE ? 1 : 0);
  for (const part of parts.toReversed()) {
    let at = part.bytes.length;
    for (let before = at; left > 0 && at > 0; before = at) {
      at = before === 0 ? -1 : part.bytes.lastIndexOf(NEWLINE, before - 1);
      if (at === -1) break;
      left -= 1;
    }
    if (left > 0) kept.push(part);
    else {
      if (at + 1 < part.bytes.length) kept.push(from(part, at + 1));
      break;
    }
  }
  return kept.reverse();
}

function from<P extends Part>(part: P, first: number): P {
  return first === 0 ? part : { ...part, offset: part.offset + first, bytes: part.bytes.subarray(first) };
}
