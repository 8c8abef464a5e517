import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** The first group of the first line that matches; what comes after it is read and dropped. */
export async function firstLine(stream: Readable, pattern: RegExp, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: stream, signal });
  try {
    for await (const line of lines) {
      const found = pattern.exec(line)?.[1];
      if (found !== undefined) return found;
    }
  } finally {
    stream.resume();
  }
  throw new Error("The process ended without the line that was waited for.");
}
