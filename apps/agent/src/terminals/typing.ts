export interface Typing {
  /** Takes the bytes. A promise where there is no room for more before it resolves; it never rejects. */
  type(bytes: Uint8Array): Promise<void> | undefined;
}

const ROOM = 256 * 1024;

/**
 * Types in order, one write at a time: while one is under way the next ones gather. What cannot be typed, because the
 * program has ended, goes nowhere.
 */
export function createTyping(write: (bytes: Uint8Array) => Promise<void>): Typing {
  let waiting: Uint8Array[] = [];
  let size = 0;
  let running: Promise<void> | undefined;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const bytes = Buffer.concat(waiting);
      waiting = [];
      size = 0;
      await write(bytes).catch(() => undefined);
    }
    running = undefined;
  }

  return {
    type(bytes) {
      waiting.push(bytes);
      size += bytes.length;
      running ??= drain();
      return size > ROOM ? running : undefined;
    },
  };
}
