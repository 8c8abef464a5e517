import { Transform } from "node:stream";

/** Passes on what a WebSocket's server says, and can end it with a word of its own between two frames. */
export interface WholeFrames extends Transform {
  /** A close frame comes after the frame that is under way, and nothing after it; none where it has ended already. `reason` has 123 bytes at most. */
  finish(code: number, reason: string): void;
  isFinishing(): boolean;
}

const LONGEST_REASON = 123;

/** It reads the heads of frames only: frames of a server are not masked (RFC 6455, section 5.2). */
export function createWholeFrames(): WholeFrames {
  let head = Buffer.alloc(0);
  /** What is missing of the frame's content. */
  let left = 0;
  let farewell: Buffer | undefined;
  let isOver = false;

  /** How much of it is passed on: all of it, or what is before the first end of a frame where somebody waits for one. */
  function read(bytes: Buffer): number {
    let at = 0;
    while (at < bytes.length && !isDue()) {
      if (left > 0) {
        const taken = Math.min(left, bytes.length - at);
        left -= taken;
        at += taken;
        continue;
      }
      head = Buffer.concat([head, bytes.subarray(at, at + 1)]);
      at += 1;
      const length = contentOf(head);
      if (length === undefined) continue;
      head = Buffer.alloc(0);
      left = length;
    }
    return at;
  }

  function isDue(): boolean {
    return farewell !== undefined && left === 0 && head.length === 0;
  }

  const frames = new Transform({
    transform(bytes: Buffer, _encoding, done) {
      if (!isOver) {
        frames.push(bytes.subarray(0, read(bytes)));
        leave();
      }
      done();
    },
    flush(done) {
      // It ended by itself; that may still wait for its reader, and after it nothing can be said.
      isOver = true;
      done();
    },
  });

  function leave(): void {
    if (!isDue() || isOver) return;
    isOver = true;
    frames.push(farewell);
    frames.push(null);
  }

  return Object.assign(frames, {
    finish(code: number, reason: string) {
      farewell ??= closeFrame(code, reason);
      leave();
    },
    isFinishing: () => farewell !== undefined,
  });
}

/** The length of the content that follows, once its head is whole. */
function contentOf(head: Buffer): number | undefined {
  if (head.length < 2) return undefined;
  const short = (head[1] ?? 0) & 0x7f;
  if (short < 126) return short;
  if (short === 126) return head.length < 4 ? undefined : head.readUInt16BE(2);
  return head.length < 10 ? undefined : Number(head.readBigUInt64BE(2));
}

function closeFrame(code: number, reason: string): Buffer {
  const words = Buffer.from(reason).subarray(0, LONGEST_REASON);
  const head = Buffer.from([0x88, words.length + 2, 0, 0]);
  head.writeUInt16BE(code, 2);
  return Buffer.concat([head, words]);
}
