import { concatBytes, type Bytes } from "../../bytes.ts";

/** More is no line that anybody reads. */
const LONGEST = 8 * 1024 * 1024;

/** Takes bytes with their offsets and gives whole lines: what a jump or its length has cut is left out. */
export function createLines(onLine: (line: string) => void): { push(offset: number, bytes: Bytes): void; end(): void } {
  let next = 0;
  let parts: Bytes[] = [];
  let length = 0;
  /** Whether the rest of the present line is not looked at. */
  let cut = false;

  function finish(): void {
    const line = cut ? "" : new TextDecoder().decode(concatBytes(parts)).trim();
    parts = [];
    length = 0;
    cut = false;
    if (line !== "") onLine(line);
  }

  function add(bytes: Bytes): void {
    if (cut) return;
    length += bytes.length;
    // Copied: what lies behind a part may be used again for the next.
    if (length <= LONGEST) parts.push(bytes.slice());
    else {
      parts = [];
      cut = true;
    }
  }

  return {
    push(offset, bytes) {
      if (offset !== next) {
        parts = [];
        cut = true;
      }
      next = offset + bytes.length;
      for (let at = 0; at < bytes.length;) {
        const end = bytes.indexOf(10, at);
        add(bytes.subarray(at, end === -1 ? bytes.length : end));
        if (end === -1) return;
        finish();
        at = end + 1;
      }
    },
    end: finish,
  };
}
