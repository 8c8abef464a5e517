import type { IncomingMessage } from "node:http";
import { pipeline, Readable, type Writable } from "node:stream";

/** What a request carries to the forge. */
export interface Body {
  /** Whether it can be sent again, for a second attempt. */
  readonly repeatable: boolean;
  /** In bytes; absent where only its end tells. */
  readonly length?: number;
  /** Sends it and ends the request. What breaks on the way shows at the request. */
  sendTo(request: Writable): void;
}

export function bytesBody(bytes: Uint8Array): Body {
  return { repeatable: true, length: bytes.length, sendTo: (request) => void request.end(bytes) };
}

/** A request's own body as it comes, however long. */
export function passingBody(request: IncomingMessage): Body {
  // Not a pipeline: the connection must outlive a forge that answers early, for the answer's sake.
  return { repeatable: false, ...lengthOf(request), sendTo: (upstream) => void request.pipe(upstream) };
}

/** Holds a request's body where it has at most `limit` bytes; a longer one can be sent only once. */
export async function holdBody(request: IncomingMessage, limit: number): Promise<Body> {
  const source = request.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  const held: Buffer[] = [];
  let size = 0;
  while (size <= limit) {
    const { done, value } = await source.next();
    if (done === true) return bytesBody(Buffer.concat(held));
    held.push(value);
    size += value.length;
  }
  const whole = async function* (): AsyncGenerator<Buffer> {
    yield* held;
    yield* { [Symbol.asyncIterator]: () => source };
  };
  return {
    repeatable: false,
    ...lengthOf(request),
    sendTo: (upstream) => void pipeline(Readable.from(whole()), upstream, () => undefined),
  };
}

/** Node gives exactly as many bytes as a request's head says, and takes no head that says it in two ways. */
function lengthOf({ headers }: IncomingMessage): Pick<Body, "length"> {
  const said = headers["content-length"];
  return said === undefined || headers["transfer-encoding"] !== undefined ? {} : { length: Number(said) };
}
