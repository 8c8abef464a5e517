import type { Bytes, ByteSource } from "@ws/workspace-core";

/** Bytes on their way to one reader, who may come late. */
export interface ByteQueue {
  readonly source: ByteSource;
  /** False asks for a pause until `onSpace`; the bytes are kept all the same. */
  push(chunk: Bytes): boolean;
  end(): void;
  /** The reader gets this error and nothing more: a cut output must not look like a whole one. */
  fail(error: Error): void;
}

/**
 * Takes the end in while nobody reads, so that a process whose short output is ignored can settle. When the reader leaves early
 * the rest is dropped, because a full queue must not hold a process for ever.
 */
export function createByteQueue(limit: number, onSpace: () => void): ByteQueue {
  let chunks: Bytes[] = [];
  let size = 0;
  let state: "open" | "ended" | "left" = "open";
  let failure: Error | undefined;
  let wake = (): void => undefined;

  function drop(): void {
    chunks = [];
    size = 0;
    onSpace();
  }

  async function* read(): AsyncGenerator<Bytes, void, undefined> {
    try {
      for (;;) {
        if (failure !== undefined) throw failure;
        const chunk = chunks.shift();
        if (chunk !== undefined) {
          const wasFull = size >= limit;
          size -= chunk.length;
          if (wasFull && size < limit) onSpace();
          yield chunk;
        } else if (state === "ended") return;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      state = "left";
      drop();
    }
  }

  return {
    source: read(),
    push(chunk) {
      if (state !== "open") return true;
      chunks.push(chunk);
      size += chunk.length;
      wake();
      return size < limit;
    },
    end() {
      if (state === "open") state = "ended";
      wake();
    },
    fail(error) {
      if (state !== "open") return;
      state = "ended";
      failure = error;
      drop();
      wake();
    },
  };
}
