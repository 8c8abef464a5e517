import type { Writable } from "node:stream";
import type { Bytes, ByteSource } from "@ws/workspace-core";

/** Gives a program its input, no faster than it reads; a program that ends first or closes its input is success. Throws what the source throws. */
export async function feed(stdin: Writable, source: ByteSource | Bytes, ended: Promise<unknown>): Promise<void> {
  stdin.on("error", () => undefined);
  if (source instanceof Uint8Array) {
    stdin.end(source);
    return;
  }
  const closed = new Promise<void>((resolve) => {
    stdin.once("close", () => resolve());
  });
  const over = Promise.race([ended, closed]).then(
    () => undefined,
    () => undefined,
  );
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      // A program that ends without reading must not leave us waiting for its input.
      const next = await Promise.race([iterator.next(), over]);
      if (next === undefined || next.done === true) return;
      if (next.value.length > 0 && !stdin.write(next.value)) await Promise.race([drained(stdin), over]);
      if (stdin.destroyed) return;
    }
  } finally {
    stdin.end();
    // Not awaited: a generator that is itself waiting answers only when that is over.
    iterator.return?.()?.catch(() => undefined);
  }
}

function drained(stdin: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stdin.off("drain", done);
      stdin.off("close", done);
      resolve();
    };
    stdin.on("drain", done);
    stdin.on("close", done);
  });
}
