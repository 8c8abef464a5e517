import type { Bytes, ByteSource } from "@ws/workspace-core";
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
  const queue: Bytes[] = [];
  let held = 0;
  let ended = false;
  let wake = (): void => undefined;

  async function* read(): AsyncGenerator<Bytes> {
    for (;;) {
      const next = queue.shift();
      if (next !== undefined) {
        yield next;
        held -= next.length;
        consumed(next.length);
      } else if (ended) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  return {
    source: read(),
    push(bytes) {
      if (ended) return true;
      held += bytes.length;
      if (held > 2 * UNACKED_LIMIT) return false;
      queue.push(bytes);
      wake();
      return true;
    },
    end() {
      ended = true;
      wake();
    },
  };
}
