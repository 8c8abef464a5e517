import type { Bytes } from "../../bytes.ts";
import { createLineCutter } from "../../lines.ts";

/** More is no line that anybody reads. */
const LONGEST = 8 * 1024 * 1024;

/** Takes bytes with their offsets and gives whole lines: what a jump or its length has cut is left out, and what is empty. */
export function createLines(onLine: (line: string) => void): { push(offset: number, bytes: Bytes): void; end(): void } {
  const cutter = createLineCutter({ longest: LONGEST, tooLong: "left out" });
  let next = 0;

  function give(lines: readonly string[]): void {
    for (const line of lines) {
      const text = line.trim();
      if (text !== "") onLine(text);
    }
  }

  return {
    push(offset, bytes) {
      if (offset !== next) cutter.jump();
      next = offset + bytes.length;
      give(cutter.push(bytes));
    },
    end: () => give(cutter.end()),
  };
}
