import { lineBytes } from "../protocol/pkt-line.ts";

/** What a server says first, as it comes, up to the flush that ends it and no further. */
export interface Advertisement {
  /** The first line, without its length; undefined where there is none, as of an empty repository. */
  first: Buffer | undefined;
  /** All of it, the first line included; it has to be read to its end. Throws where it is cut. */
  chunks: AsyncGenerator<Buffer>;
}

/** Reads so much that the first line is known. Throws `MalformedPush` for what is not git's, and undefined where nothing comes at all. */
export async function readAdvertisement(source: AsyncIterator<Buffer>): Promise<Advertisement | undefined> {
  let head = Buffer.alloc(0);
  while (head.length < 4 || head.length < lineBytes(head.subarray(0, 4))) {
    const { done, value } = await source.next();
    if (done === true) return undefined;
    head = Buffer.concat([head, value]);
  }
  const length = lineBytes(head.subarray(0, 4));
  return { first: length === 0 ? undefined : head.subarray(4, length), chunks: untilFlush(head, source) };
}

async function* untilFlush(begun: Buffer, source: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  let prefix = Buffer.alloc(0);
  let left = 0;
  for (let chunk = begun; ;) {
    let at = 0;
    while (at < chunk.length) {
      if (left > 0) {
        const taken = Math.min(left, chunk.length - at);
        left -= taken;
        at += taken;
        continue;
      }
      const taken = Math.min(4 - prefix.length, chunk.length - at);
      prefix = Buffer.concat([prefix, chunk.subarray(at, at + taken)]);
      at += taken;
      if (prefix.length < 4) continue;
      const length = lineBytes(prefix);
      prefix = Buffer.alloc(0);
      if (length === 0) {
        // It is our turn now: whatever follows nobody asked for.
        yield chunk.subarray(0, at);
        return;
      }
      left = length - 4;
    }
    yield chunk;
    const next = await source.next();
    if (next.done === true) throw new Error("the server ended in the middle of its first words");
    chunk = next.value;
  }
}
