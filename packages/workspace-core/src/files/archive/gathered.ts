import { type Bytes, type ByteSource, concatBytes } from "../../bytes.ts";

const LEAST = 64 * 1024;

/** The same bytes in fewer pieces: an archive of many small files would come in thousands, and each costs as much as a large one. */
export async function* gathered(source: ByteSource): AsyncGenerator<Bytes> {
  let parts: Bytes[] = [];
  let size = 0;
  for await (const part of source) {
    parts.push(part);
    size += part.length;
    if (size < LEAST) continue;
    yield concatBytes(parts);
    parts = [];
    size = 0;
  }
  if (size > 0) yield concatBytes(parts);
}
