import type { InputAnswer } from "../frames.ts";

/** What was typed and is not known to have arrived, under offsets that count from the beginning of one input. */
export interface KeptInput {
  readonly id: string;
  /** The offset of the next byte. */
  end(): number;
  /** Bytes that the terminal is not known to have. */
  waiting(): number;
  add(bytes: Uint8Array<ArrayBuffer>): void;
  /** The terminal has all up to here, but for so many bytes of it; says how many of those are news. */
  taken(offset: number, lost: number): number;
  /** What the agent knew of it; says from where to go on, and how many bytes may have been lost on the way. */
  answered(answer: InputAnswer | undefined, sent: number): { from: number; lost: number };
  /** From an offset on, in pieces. */
  from(offset: number): Uint8Array<ArrayBuffer>[];
}

export function createKeptInput(): KeptInput {
  let chunks: { at: number; bytes: Uint8Array<ArrayBuffer> }[] = [];
  let start = 0;
  let end = 0;
  let lostBefore = 0;

  function forget(upTo: number): void {
    if (upTo <= start) return;
    start = Math.min(upTo, end);
    const first = chunks.findIndex(({ at, bytes }) => at + bytes.length > start);
    chunks = first === -1 ? [] : chunks.slice(first);
  }

  function lose(upTo: number): number {
    const lost = Math.max(0, Math.min(upTo, end) - start);
    forget(upTo);
    return lost;
  }

  return {
    id: Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(""),
    end: () => end,
    waiting: () => end - start,
    add(bytes) {
      chunks.push({ at: end, bytes });
      end += bytes.length;
    },
    taken(offset, lost) {
      forget(offset);
      const news = Math.max(0, lost - lostBefore);
      lostBefore = Math.max(lostBefore, lost);
      return news;
    },
    answered(answer, sent) {
      // Of another agent, or another program: what was sent may be there already, and typing it again would do harm.
      if (answer === undefined || !answer.known || answer.next < start || answer.next > end) {
        lostBefore = answer?.lost ?? 0;
        return { from: sent, lost: lose(sent) };
      }
      const lost = Math.max(0, answer.lost - lostBefore);
      lostBefore = answer.lost;
      forget(answer.taken);
      return { from: answer.next, lost };
    },
    from: (offset) =>
      chunks
        .filter(({ at, bytes }) => at + bytes.length > offset)
        .map(({ at, bytes }) => (at < offset ? bytes.subarray(offset - at) : bytes)),
  };
}
