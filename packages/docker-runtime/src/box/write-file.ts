import { randomBytes } from "node:crypto";

import { type Bytes, type ByteSource, throwIfAborted } from "@ws/workspace-core";

import type { Sftp } from "./sftp.ts";

/** Writes beside the file and renames over it, so that a reader sees the old content or the new. */
export async function writeFile(
  sftp: Sftp,
  path: string,
  content: ByteSource | Bytes,
  options: {
    mode: number;
    /** Asked while the unfinished file still takes its space, which may be the explanation. */
    explain(error: unknown): Promise<unknown>;
    signal?: AbortSignal;
  },
): Promise<void> {
  const { mode, explain, signal } = options;
  const slash = path.lastIndexOf("/");
  // The file's own name stays out of it: that may already be as long as a name can be.
  const temporary = `${path.slice(0, slash + 1)}.ws-${randomBytes(9).toString("base64url")}`;
  // Closed to others until it has its own mode: the content may be a secret.
  const handle = await sftp.request<Buffer>((session, done) => session.open(temporary, "wx", 0o600, done));
  try {
    try {
      await writeAll(sftp, handle, content, signal);
      await sftp.request<void>((session, done) => session.fchmod(handle, mode, done));
    } finally {
      await sftp.request<void>((session, done) => session.close(handle, done));
    }
    throwIfAborted(signal);
    await sftp.request<void>((session, done) => session.ext_openssh_rename(temporary, path, done));
  } catch (error) {
    const explained = await explain(error);
    await sftp.request<void>((session, done) => session.unlink(temporary, done)).catch(() => undefined);
    throw explained;
  }
}

const CHUNK = 128 * 1024;
const AHEAD = 8;

async function writeAll(
  sftp: Sftp,
  handle: Buffer,
  content: ByteSource | Bytes,
  signal: AbortSignal | undefined,
): Promise<void> {
  const under: Promise<void>[] = [];
  let at = 0;
  try {
    for await (const chunk of content instanceof Uint8Array ? [content] : content) {
      for (let start = 0; start < chunk.length; start += CHUNK) {
        throwIfAborted(signal);
        if (under.length >= AHEAD) await under.shift();
        const part = Buffer.from(chunk.buffer, chunk.byteOffset + start, Math.min(CHUNK, chunk.length - start));
        const position = at;
        const written = sftp.request<void>((session, done) =>
          session.write(handle, part, 0, part.length, position, done),
        );
        written.catch(() => undefined);
        under.push(written);
        at += part.length;
      }
    }
    await Promise.all(under);
  } finally {
    await Promise.allSettled(under);
  }
}
