import { lines } from "@ws/workspace-core";

/** A line holds one value, which must not be cut; the longest that engines send have some kilobytes. */
const LONGEST = 1024 * 1024;

/** One JSON value a line, as the engine streams events and progress; what is no JSON is left out. */
export async function* jsonLines<T>(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<T> {
  for await (const line of lines(chunks, { longest: LONGEST })) {
    const value = parse(line);
    if (value !== undefined) yield value as T;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
