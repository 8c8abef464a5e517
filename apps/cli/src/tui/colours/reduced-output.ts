import { Writable } from "node:stream";
import type { WriteStream } from "node:tty";
import { createReducer, type Depth } from "./reduce.ts";

/** The terminal itself where it shows every colour; else one before it that leaves no more colours than it has. */
export function reducedOutput(terminal: WriteStream, depth: Depth): WriteStream {
  if (depth === 24) return terminal;
  const reduce = createReducer(depth);
  const output = new Writable({
    write: (bytes: Buffer, _encoding, written) => void terminal.write(reduce(bytes), written),
  });
  return Object.defineProperties(output, {
    isTTY: { value: true },
    columns: { get: () => terminal.columns },
    rows: { get: () => terminal.rows },
    getColorDepth: { value: () => depth },
  }) as unknown as WriteStream;
}
