import type { Bytes } from "../ports.ts";

/** The last bytes of a stream under their offsets, in memory. */
export interface BoundedLog {
  /** The first offset that can still be read. */
  start(): number;
  /** The next offset that will be written. */
  next(): number;
  append(bytes: Bytes): void;
  /** Forgets what is kept and goes on at a later offset. */
  skipTo(offset: number): void;
  /** No more will come; with an error, reading ends with it. */
  end(error?: Error): void;
  /** At most `limit` bytes that are there already, copied; empty where the offset is not. */
  slice(offset: number, limit: number): Bytes;
  /** The same into memory that is there; says how many. */
  copy(offset: number, into: Uint8Array): number;
  /** The same as it lies there: only until the next append, and perhaps cut off where the ring begins anew. */
  peek(offset: number, limit: number): Bytes;
  /** Resolves when the offset is there or left behind, or never will be: at the end, and with the signal. */
  reaches(offset: number, signal?: AbortSignal): Promise<void>;
  /** From an offset on, then live, until the end or the signal; a chunk's offset jumps where bytes were dropped. */
  read(from: number, signal?: AbortSignal): AsyncGenerator<{ offset: number; bytes: Bytes }, void>;
}

const CHUNK = 64 * 1024;
/** A petabyte: behind it there is room for all that will be added, counted exactly. */
const LAST_OFFSET = 2 ** 50;

/** Whether a log can go on from here: a whole number from which there is still much to count. */
export function isOffset(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= LAST_OFFSET;
}

/**
 * Keeps the last `capacity` bytes in one ring, so that neither floods nor single keystrokes cost more than that. Throws a
 * `RangeError` for an offset that is none: whoever waits for it would wait without ever letting go.
 */
export function createBoundedLog(capacity: number, base = 0): BoundedLog {
  requireOffset(base);
  let ring = new Uint8Array(Math.min(capacity, CHUNK));
  let start = base;
  let next = base;
  let ending: { error?: Error } | undefined;
  const waiting = new Set<() => void>();

  function notify(): void {
    const woken = [...waiting];
    waiting.clear();
    for (const wake of woken) wake();
  }

  function grow(needed: number): void {
    if (needed <= ring.length || ring.length === capacity) return;
    const bigger = new Uint8Array(Math.min(capacity, Math.max(needed, ring.length * 2)));
    for (let at = start; at < next;) {
      const part = piece(at, next - at);
      put(bigger, at, part);
      at += part.length;
    }
    ring = bigger;
  }

  /** As much as lies in one piece, not copied. */
  function piece(offset: number, limit: number): Uint8Array {
    const at = offset % ring.length;
    return ring.subarray(at, Math.min(at + Math.min(limit, next - offset), ring.length));
  }

  function changed(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        waiting.delete(wake);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      waiting.add(wake);
      signal?.addEventListener("abort", wake, { once: true });
    });
  }

  function peek(offset: number, limit: number): Bytes {
    return offset < start || offset >= next ? new Uint8Array() : piece(offset, limit);
  }

  function copy(offset: number, into: Uint8Array): number {
    const first = peek(offset, into.length);
    into.set(first);
    // Where the ring begins anew.
    const second = peek(offset + first.length, into.length - first.length);
    into.set(second, first.length);
    return first.length + second.length;
  }

  function slice(offset: number, limit: number): Bytes {
    const bytes = new Uint8Array(offset < start ? 0 : Math.max(0, Math.min(limit, next - offset)));
    copy(offset, bytes);
    return bytes;
  }

  async function reaches(offset: number, signal?: AbortSignal): Promise<void> {
    // Of no number it can be said that it is there or is not: waiting for it would never let anybody else have a turn.
    if (!Number.isSafeInteger(offset)) throw new RangeError(`${offset} is no offset of a log`);
    while (offset >= next && ending === undefined && signal?.aborted !== true) await changed(signal);
  }

  return {
    start: () => start,
    next: () => next,
    append(bytes) {
      if (bytes.length === 0) return;
      grow(next - start + bytes.length);
      const kept = bytes.subarray(Math.max(0, bytes.length - ring.length));
      put(ring, next + bytes.length - kept.length, kept);
      next += bytes.length;
      start = Math.max(start, next - ring.length);
      notify();
    },
    skipTo(offset) {
      requireOffset(offset);
      start = offset;
      next = offset;
    },
    end(error) {
      ending ??= error === undefined ? {} : { error };
      notify();
    },
    slice,
    copy,
    peek,
    reaches,
    async *read(from, signal) {
      let offset = Math.min(from, next);
      while (signal?.aborted !== true) {
        offset = Math.max(offset, start);
        const bytes = slice(offset, CHUNK);
        if (bytes.length > 0) {
          yield { offset, bytes };
          offset += bytes.length;
        } else if (ending?.error !== undefined) throw ending.error;
        else if (ending !== undefined) return;
        else await reaches(offset, signal);
      }
    },
  };
}

function requireOffset(value: number): void {
  if (!isOffset(value)) throw new RangeError(`${value} is no offset of a log`);
}

function put(ring: Uint8Array, offset: number, bytes: Bytes): void {
  const at = offset % ring.length;
  const first = Math.min(bytes.length, ring.length - at);
  ring.set(bytes.subarray(0, first), at);
  if (first < bytes.length) ring.set(bytes.subarray(first), 0);
}
