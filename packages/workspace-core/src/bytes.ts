export type Bytes = Uint8Array;

/** A Node `Readable` is one; reading slowly holds the writer back. */
export type ByteSource = AsyncIterable<Bytes>;
