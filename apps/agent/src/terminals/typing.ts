export interface Typing {
  /**
   * Takes the bytes; `settled` is told whether they arrived. A promise where there is no room for more before it resolves;
   * it never rejects.
   */
  type(bytes: Uint8Array, settled?: (arrived: boolean) => void): Promise<void> | undefined;
}

const ROOM = 256 * 1024;

/**
 * Types in order, one write at a time: while one is under way the next ones gather. What cannot be typed, because the
 * program has ended, goes nowhere.
 */
export function createTyping(write: (bytes: Uint8Array) => Promise<void>): Typing {
  let waiting: { bytes: Uint8Array; settled: ((arrived: boolean) => void) | undefined }[] = [];
  let size = 0;
  let running: Promise<void> | undefined;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      size = 0;
      const bytes = Buffer.concat(batch.map((part) => part.bytes));
      const arrived = await (bytes.length === 0 ? true : write(bytes).then(yes, no));
      for (const { settled } of batch) settled?.(arrived);
    }
    running = undefined;
  }

  return {
    type(bytes, settled) {
      waiting.push({ bytes, settled });
      size += bytes.length;
      running ??= drain();
      return size > ROOM ? running : undefined;
    },
  };
}

const yes = (): boolean => true;
const no = (): boolean => false;
