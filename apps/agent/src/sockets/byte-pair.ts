import { Duplex } from "node:stream";
import { createByteQueue, WsError, type ByteChannel } from "@ws/workspace-core";

/** Two ends of one connection in memory: a stream for a library, and a channel. Neither holds more than a queue for the other. */
export function createBytePair(): { stream: Duplex; channel: ByteChannel } {
  const taken = createWake();
  const wanted = createWake();
  const queue = createByteQueue({ onSpace: taken.call });
  const stream = new Duplex({
    read: wanted.call,
    write(chunk: Buffer, _encoding, done) {
      if (queue.push(chunk)) done();
      else taken.set(() => done());
    },
    final(done) {
      queue.end();
      done();
    },
    destroy(error, done) {
      queue.end();
      wanted.call();
      done(error);
    },
  });
  stream.on("error", () => undefined);
  return {
    stream,
    channel: {
      readable: queue.source,
      async write(bytes) {
        if (stream.destroyed) {
          throw new WsError("connection_closed", { message: "The other side closed the connection.", data: {} });
        }
        if (!stream.push(bytes)) await new Promise<void>(wanted.set);
      },
      async end() {
        if (!stream.destroyed) stream.push(null);
      },
      destroy: () => void stream.destroy(),
    },
  };
}

/** Someone who waits, called once: what he does then may be to wait again. */
function createWake(): { set: (waiting: () => void) => void; call: () => void } {
  let waiting: (() => void) | undefined;
  return {
    set: (next) => (waiting = next),
    call() {
      const woken = waiting;
      waiting = undefined;
      woken?.();
    },
  };
}
