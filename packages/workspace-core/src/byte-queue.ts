import { type Bytes, type ByteSource, concatBytes } from "./bytes.ts";

/** Bytes between a pushed stream and one reader that pulls. */
export interface ByteQueue {
  readonly source: ByteSource;
  /** False asks the pusher to stop until `onSpace`; what was pushed is kept all the same. */
  push(chunk: Bytes): boolean;
  end(): void;
  /** Ends the source with an error and drops what nobody read, so that a cut stream is never taken for a whole one. */
  fail(error: Error): void;
}

/** What is smaller is kept together: each piece costs many times its bytes. */
const PIECE = 1_024;

/**
 * Unlike a Node stream it takes the end in while nobody reads, so that a process whose output is ignored can settle.
 * A reader that leaves early lets the rest be dropped: a full queue must not hold a process for ever.
 */
export function createByteQueue(options: { limit?: number; onSpace?: () => void } = {}): ByteQueue {
  const { limit = 256 * 1024, onSpace = () => undefined } = options;
  const chunks: Bytes[] = [];
  let size = 0;
  let full = false;
  let ended = false;
  let left = false;
  let failure: Error | undefined;
  let wake: (() => void) | undefined;

  function notify(): void {
    wake?.();
    wake = undefined;
  }

  function makeSpace(): void {
    if (!full || size > limit / 2) return;
    full = false;
    onSpace();
  }

  async function* read(): AsyncGenerator<Bytes, void, undefined> {
    try {
      for (;;) {
        if (failure !== undefined) throw failure;
        const chunk = chunks.shift();
        if (chunk !== undefined) {
          size -= chunk.length;
          makeSpace();
          yield chunk;
          continue;
        }
        if (ended) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      left = true;
      chunks.length = 0;
      size = 0;
      makeSpace();
    }
  }

  return {
    source: read(),
    push(chunk) {
      if (left || ended) return true;
      const last = chunks.at(-1);
      if (last === undefined || last.length + chunk.length > PIECE) chunks.push(chunk);
      else chunks[chunks.length - 1] = concatBytes([last, chunk]);
      size += chunk.length;
      full = size >= limit;
      notify();
      return !full;
    },
    end() {
      ended = true;
      notify();
    },
    fail(error) {
      if (ended) return;
      ended = true;
      failure = error;
      chunks.length = 0;
      size = 0;
      makeSpace();
      notify();
    },
  };
}
