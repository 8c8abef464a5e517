import { Duplex } from "node:stream";
import type { ByteChannel, Bytes } from "@ws/workspace-core";

const BUFFERED = 256 * 1_024;

/** A channel of a Box as the stream that Node's http server takes for a connection; slowness passes both ways. */
export function channelSocket(channel: ByteChannel): Duplex {
  const source = channel.readable[Symbol.asyncIterator]();
  const settle = (work: Promise<unknown>, callback: (error?: Error | null) => void): void => {
    work.then(() => callback(), callback);
  };
  return new Duplex({
    highWaterMark: BUFFERED,
    read() {
      source.next().then(
        ({ done, value }) => this.push(done === true ? null : value),
        (error: Error) => this.destroy(error),
      );
    },
    write(bytes: Bytes, _, callback) {
      settle(channel.write(bytes), callback);
    },
    // One packet for a chunk with its frame, instead of three.
    writev(parts, callback) {
      settle(channel.write(Buffer.concat(parts.map(({ chunk }) => chunk as Bytes))), callback);
    },
    final(callback) {
      settle(channel.end(), callback);
    },
    destroy(error, callback) {
      channel.destroy();
      callback(error);
    },
  });
}
