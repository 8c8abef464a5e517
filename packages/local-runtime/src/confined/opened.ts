import type { FileHandle } from "node:fs/promises";
import type { Bytes, ConfinedRead, ConfinedStat } from "@ws/workspace-core";
import { named } from "./faults.ts";

const CHUNK = 262_144;

/**
 * The files that readers have open. Held here because Node ends a program that lets go of an open file without closing it: a
 * reader that forgets one must not be the end of the agent.
 */
export type OpenReads = Set<FileHandle>;

/** An open file as its reader gets it. A short one is read and closed at once, so that nobody has to. */
export async function opened(
  file: FileHandle,
  stat: ConfinedStat,
  options: { offset?: number; length?: number; check: () => void; open: OpenReads },
): Promise<ConfinedRead> {
  const { offset = 0, length = Number.POSITIVE_INFINITY, check } = options;
  const end = offset + length;
  const readAt = async (position: number, most = CHUNK): Promise<Bytes> => {
    check();
    const buffer = Buffer.allocUnsafe(Math.min(most, end - position));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    return buffer.subarray(0, bytesRead);
  };
  // Room for one byte more than there is tells that there is no more; a chunk for each of many small files would be all garbage.
  const room = Math.min(CHUNK, Math.max(0, stat.size - offset) + 1);
  const first = length > 0 ? await readAt(offset, room) : new Uint8Array();
  const isWhole = first.length < room || offset + first.length >= end;
  const close = async (): Promise<void> => {
    options.open.delete(file);
    await file.close();
  };
  if (isWhole) await close();
  else options.open.add(file);
  const content = async function* (): AsyncGenerator<Bytes> {
    try {
      for (let part = first, at = offset; part.length > 0; part = isWhole ? new Uint8Array() : await next(at)) {
        at += part.length;
        yield part;
      }
    } finally {
      await close();
    }
  };
  const next = (at: number): Promise<Bytes> =>
    at >= end ? Promise.resolve(new Uint8Array()) : named(stat.path, () => readAt(at));
  return { path: stat.path, stat, content: content(), [Symbol.asyncDispose]: close };
}
