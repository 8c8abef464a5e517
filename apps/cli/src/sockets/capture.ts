import { Writable } from "node:stream";

/** As much as the agent's own `exec` gives. */
const LIMIT = 10 * 1024 * 1024;

export interface Capture {
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** What was written, as UTF-8; `truncated` where more than the limit came. */
  result: () => { stdout: string; stderr: string; truncated?: true };
}

/** Two outputs that keep their first bytes, together no more than the limit, and take the rest without keeping it. */
export function createCapture(limit = LIMIT): Capture {
  let left = limit;
  let truncated = false;
  const keeper = (): { stream: Writable; text: () => string } => {
    const chunks: Buffer[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        const kept = chunk.subarray(0, left);
        truncated ||= kept.length < chunk.length;
        left -= kept.length;
        if (kept.length > 0) chunks.push(kept);
        done();
      },
    });
    return { stream, text: () => Buffer.concat(chunks).toString("utf8") };
  };
  const stdout = keeper();
  const stderr = keeper();
  return {
    stdout: stdout.stream,
    stderr: stderr.stream,
    result: () => ({ stdout: stdout.text(), stderr: stderr.text(), ...(truncated ? { truncated } : {}) }),
  };
}
