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

export interface FrameReader {
  /** Calls back for each frame that this chunk completes. Throws where it is no frame. */
  push(chunk: Bytes): void;
}

export function createFrameReader(onFrame: (fields: Buffer[]) => void): FrameReader {
  let chunks: Buffer[] = [];
  let size = 0;
  let wanted: number | undefined;
  return {
    push(chunk) {
      chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      size += chunk.length;
      while (size >= (wanted ?? 4)) {
        const [only] = chunks;
        const whole = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
        const end = wanted ?? 4;
        chunks = [whole.subarray(end)];
        size -= end;
        if (wanted === undefined) {
          wanted = whole.readUInt32BE(0);
          if (wanted > LONGEST) throw nonsense(`a frame of ${wanted} bytes`);
        } else {
          wanted = undefined;
          onFrame(fieldsOf(whole.subarray(0, end)));
        }
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
    fields.push(frame.subarray(start, end));
    at = end;
  }
  return fields;
}
