import type { ByteChannel, ByteSource } from "../ports.ts";

/** The channel; `during` is told of a promise that settles when both of its directions have ended, or it was destroyed. */
export function countedAsUse(channel: ByteChannel, during: (work: Promise<unknown>) => void): ByteChannel {
  const read = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  during(Promise.all([read.promise, written.promise]));
  const over = (): void => {
    read.resolve();
    written.resolve();
  };

  async function* readable(): AsyncGenerator<Uint8Array> {
    try {
      yield* channel.readable;
    } finally {
      read.resolve();
    }
  }

  return {
    readable: readable() satisfies ByteSource,
    async write(bytes) {
      try {
        await channel.write(bytes);
      } catch (error) {
        written.resolve();
        throw error;
      }
    },
    async end() {
      try {
        await channel.end();
      } finally {
        written.resolve();
      }
    },
    destroy() {
      over();
      channel.destroy();
    },
  };
}
