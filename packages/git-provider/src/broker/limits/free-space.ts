import { statfs } from "node:fs/promises";

/** Thrown where a push is not taken because the worker's disk is nearly full. */
export class DiskFull extends Error {
  override readonly name = "DiskFull";
}

/** Free space that pushes leave to everything else. */
export const RESERVED_BYTES = 1_073_741_824;
const LOOKS_EVERY_MS = 500;

export type FreeBytes = (directory: string) => Promise<number>;

/** Of the disk on which a directory lies, as this user may use it. */
export async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

/** Runs what fills a directory while there is room, and aborts it where there is none left. Throws `DiskFull`. */
export async function whileRoom<T>(
  directory: string,
  { freeBytes, signal }: { freeBytes: FreeBytes; signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const full = new AbortController();
  const look = async (): Promise<void> => {
    if ((await freeBytes(directory)) < RESERVED_BYTES) full.abort(new DiskFull());
  };
  await look();
  full.signal.throwIfAborted();
  const timer = setInterval(() => void look().catch(() => undefined), LOOKS_EVERY_MS);
  try {
    return await work(AbortSignal.any([signal, full.signal]));
  } catch (error) {
    full.signal.throwIfAborted();
    throw error;
  } finally {
    clearInterval(timer);
  }
}
