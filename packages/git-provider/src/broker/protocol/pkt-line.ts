/** What is not git's protocol, or more of it than anybody needs. */
export class MalformedPush extends Error {
  override readonly name = "MalformedPush";
}

export const MAX_LINE_BYTES = 65_520;

/** One line of git's protocol, with its length before it. */
export function pktLine(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, "0")), bytes]);
}

export const FLUSH = Buffer.from("0000");

/** How many bytes the line takes whose first four these are, them included; 0 for a flush. Throws `MalformedPush`. */
export function lineBytes(prefix: Uint8Array): number {
  const text = Buffer.from(prefix).toString("latin1");
  if (!/^[0-9a-f]{4}$/i.test(text)) throw new MalformedPush("a line has no length");
  const length = Number.parseInt(text, 16);
  if (length !== 0 && (length <= 4 || length > MAX_LINE_BYTES))
    throw new MalformedPush("a line has an impossible length");
  return length;
}

export interface PktReader {
  /** The next line's content; undefined for a flush. Throws `MalformedPush`, also where more than `limit` bytes were read. */
  line(): Promise<Buffer | undefined>;
  /** All bytes read as lines so far, as they came. */
  taken(): Buffer;
  /** What follows the lines, from where it was left; no lines are read after it. */
  rest(): AsyncGenerator<Buffer>;
}

/** Reads lines off the front of a stream and leaves the rest of it alone. */
export function readPktLines(source: AsyncIterator<Buffer>, limit: number): PktReader {
  const taken: Buffer[] = [];
  let size = 0;
  let buffered = Buffer.alloc(0);

  async function take(count: number): Promise<Buffer> {
    size += count;
    if (size > limit) throw new MalformedPush("its list of changes has no end");
    while (buffered.length < count) {
      const { done, value } = await source.next();
      if (done === true) throw new MalformedPush("it ends in the middle of a line");
      buffered = Buffer.concat([buffered, value]);
    }
    const bytes = buffered.subarray(0, count);
    buffered = buffered.subarray(count);
    taken.push(bytes);
    return bytes;
  }

  return {
    async line() {
      const length = lineBytes(await take(4));
      return length === 0 ? undefined : take(length - 4);
    },
    taken: () => Buffer.concat(taken),
    async *rest() {
      const first = buffered;
      buffered = Buffer.alloc(0);
      if (first.length > 0) yield first;
      // Not the iterator itself, which would end with the first that stops reading.
      yield* { [Symbol.asyncIterator]: () => ({ next: () => source.next() }) };
    },
  };
}
