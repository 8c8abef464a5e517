import { constants, type Http2Stream } from "node:http2";
import { Duplex } from "node:stream";

/**
 * A stream of a link as node:http takes it for a connection. Whatever is written reaches HTTP/2 as buffers one by one: Node 26
 * frees the memory of text that is written together with buffers before it is sent, and other bytes go out in its place.
 */
export function channelOf(stream: Http2Stream): Duplex {
  let ended = false;
  const channel = new Duplex({
    writableHighWaterMark: 256 * 1024,
    read: () => void stream.resume(),
    // Several at once: one by one each would wait for the one before it to have been sent.
    writev(chunks, done) {
      if (stream.destroyed || stream.closed) return done(left());
      // Only what has been sent is done with: whoever wrote it may write something else to the same memory then.
      for (const [index, { chunk }] of chunks.entries()) {
        if (index === chunks.length - 1) stream.write(chunk, (error) => done(error));
        else stream.write(chunk);
      }
    },
    final(done) {
      if (stream.destroyed || stream.closed) done();
      else stream.end(done);
    },
    destroy(error, done) {
      const isWhole = ended && stream.writableEnded;
      // Without a code, what is cut short would look to the other end like a whole.
      if (!stream.closed) stream.close(isWhole ? constants.NGHTTP2_NO_ERROR : constants.NGHTTP2_CANCEL);
      if (!isWhole) stream.destroy();
      done(error);
    },
  });
  // Whoever uses it hears why it ended, and it may have been left by then.
  channel.on("error", () => undefined);
  stream.on("data", (chunk: Buffer) => {
    if (!channel.push(chunk)) stream.pause();
  });
  stream.once("end", () => {
    ended = !isCut(stream);
    if (ended) channel.push(null);
    else channel.destroy(left());
  });
  stream.once("error", (error) => channel.destroy(error));
  stream.once("aborted", () => channel.destroy(left()));
  // One that is whole may hold what its reader has not come to yet.
  stream.once("close", () => {
    if (!ended || isCut(stream)) channel.destroy(left());
  });
  // It has no timers of its own: HTTP's are those of the end that is beside a client.
  return Object.assign(channel, { setTimeout: () => channel, setNoDelay: () => channel, setKeepAlive: () => channel });
}

function isCut({ rstCode }: Http2Stream): boolean {
  return rstCode !== undefined && rstCode !== constants.NGHTTP2_NO_ERROR;
}

function left(): Error {
  return new Error("the other end left");
}
