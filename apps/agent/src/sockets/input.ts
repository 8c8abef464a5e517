import { createByteQueue, type Bytes, type ByteSource } from "@ws/workspace-core";
import { UNACKED_LIMIT } from "@ws/rpc-contract/frames";

/** Standard input as it comes over a socket. */
export interface Input {
  readonly source: ByteSource;
  /** False where more came than may be under way. */
  push(bytes: Bytes): boolean;
  end(): void;
}

/** `consumed` is told of bytes once whoever reads has taken them, so that the sender may send as many more. */
export function createInput(consumed: (bytes: number) => void): Input {
  const queue = createByteQueue();
  let held = 0;

  async function* read(): AsyncGenerator<Bytes> {
    for await (const bytes of queue.source) {
      yield bytes;
      held -= bytes.length;
      consumed(bytes.length);
    }
  }

  return {
    source: read(),
    push(bytes) {
      held += bytes.length;
      if (held > 2 * UNACKED_LIMIT) return false;
      queue.push(bytes);
      return true;
    },
    end: queue.end,
  };
}
