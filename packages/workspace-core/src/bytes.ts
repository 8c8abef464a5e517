export type Bytes = Uint8Array;

/** A Node `Readable` is one; reading slowly holds the writer back. */
export type ByteSource = AsyncIterable<Bytes>;

export function concatBytes(parts: readonly Bytes[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
