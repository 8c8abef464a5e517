import type { Bytes } from "@ws/workspace-core";

import { nonsense } from "./nonsense.ts";

/** Fields as one frame: a length of four bytes, then each with its own. */
export function toFrame(fields: readonly (string | Bytes)[]): Buffer {
  const parts: Uint8Array[] = [new Uint8Array(4)];
  let length = 0;
  for (const field of fields) {
    const bytes = typeof field === "string" ? Buffer.from(field) : field;
    const head = Buffer.alloc(4);
    head.writeUInt32BE(bytes.length);
    parts.push(head, bytes);
    length += 4 + bytes.length;
  }
  const frame = Buffer.concat(parts);
  frame.writeUInt32BE(length);
  return frame;
}

/** A chunk of a file, or some thousand entries, is far below. */
const LONGEST = 4 * 1024 * 1024;
const MOST_FIELDS = 65_536;

export interface FrameReader {
  /** Calls back for each frame that this chunk completes. Throws where it is no frame. */
  push(chunk: Bytes): void;
}

export function createFrameReader(onFrame: (fields: Buffer[]) => void): FrameReader {
  const head = Buffer.alloc(4);
  let reading = head;
  let filled = 0;
  return {
    push(chunk) {
      for (let at = 0; at < chunk.length;) {
        // Copied, so that a chunk of one byte keeps no packet in memory.
        const piece = chunk.subarray(at, at + reading.length - filled);
        reading.set(piece, filled);
        at += piece.length;
        filled += piece.length;
        if (filled < reading.length) return;
        filled = 0;
        if (reading !== head) {
          const frame = reading;
          reading = head;
          onFrame(fieldsOf(frame));
          continue;
        }
        const length = head.readUInt32BE(0);
        if (length > LONGEST) throw nonsense(`a frame of ${length} bytes`);
        if (length === 0) onFrame([]);
        else reading = Buffer.allocUnsafe(length);
      }
    },
  };
}

function fieldsOf(frame: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  for (let at = 0; at < frame.length;) {
    const start = at + 4;
    const end = start <= frame.length ? start + frame.readUInt32BE(at) : Infinity;
    if (end > frame.length) throw nonsense("a frame that is cut");
    if (fields.length === MOST_FIELDS) throw nonsense("a frame of too many fields");
    fields.push(frame.subarray(start, end));
    at = end;
  }
  return fields;
}
