import { type Bytes, throwIfAborted } from "@ws/workspace-core";

import { SFTP_EOF, type Sftp, sftpCode } from "./sftp.ts";

/** A file's bytes from `offset`, at most `length`, with a few requests under way and no more memory than those. */
export async function* readFile(
  sftp: Sftp,
  path: string,
  options: { offset: number; length: number; signal?: AbortSignal },
): AsyncGenerator<Bytes, void, undefined> {
  const { length, signal } = options;
  const end = options.offset + length;
  const handle = await sftp.request<Buffer>((session, done) => session.open(path, "r", done));
  const ahead: { at: number; bytes: Promise<Bytes> }[] = [];
  let at = options.offset;
  try {
    for (;;) {
      while (ahead.length < AHEAD && at < end) {
        const bytes = readChunk(sftp, handle, at, Math.min(CHUNK, end - at));
        // Those behind one that fails are never looked at.
        bytes.catch(() => undefined);
        ahead.push({ at, bytes });
        at += CHUNK;
      }
      const next = ahead.shift();
      if (next === undefined) return;
      const bytes = await next.bytes;
      throwIfAborted(signal);
      if (bytes.length > 0) yield bytes;
      if (bytes.length < Math.min(CHUNK, end - next.at)) return;
    }
  } finally {
    await Promise.allSettled(ahead.map((chunk) => chunk.bytes));
    await sftp.request<void>((session, done) => session.close(handle, done)).catch(() => undefined);
  }
}

const CHUNK = 128 * 1024;
const AHEAD = 4;

/** Exactly this range, or less where the file ends: a server may answer with less than it was asked for. */
async function readChunk(sftp: Sftp, handle: Buffer, at: number, length: number): Promise<Bytes> {
  const buffer = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const count = await sftp
      .request<number>((session, done) => session.read(handle, buffer, filled, length - filled, at + filled, done))
      .catch((error: unknown) => {
        if (sftpCode(error) === SFTP_EOF) return 0;
        throw error;
      });
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}
