import { open, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";

/** The files of whole packs, such that nobody who goes by an index misses its pack: indexes come last. */
export async function packFiles(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => /^pack-[0-9a-f]+\.(?:pack|rev|idx)$/.test(name));
  const indexed = new Set(names.filter((name) => name.endsWith(".idx")).map((name) => name.slice(0, -4)));
  const whole = names.filter((name) => indexed.has(name.slice(0, name.lastIndexOf("."))));
  return whole.sort((a, b) => Number(a.endsWith(".idx")) - Number(b.endsWith(".idx")));
}

/** Removes files of packs. Indexes go first: what an index names must be there. */
export async function removePacks(objects: string, which: (name: string) => boolean): Promise<void> {
  const directory = join(objects, "pack");
  for (const name of (await packFiles(directory)).filter(which).reverse()) await unlink(join(directory, name));
}

/** Whether there are packs, each index belongs to the pack beside it and that pack has its end: what a crash or a full disk leaves does not. */
export async function arePacksWhole(objects: string): Promise<boolean> {
  const directory = join(objects, "pack");
  const indexes = (await packFiles(directory)).filter((name) => name.endsWith(".idx"));
  if (indexes.length === 0) return false;
  const checks = indexes.map(async (name) => {
    const index = await tail(join(directory, name), 2 * CHECKSUM);
    const pack = await tail(join(directory, `${name.slice(0, -4)}.pack`), CHECKSUM);
    return pack.length === CHECKSUM && index.subarray(0, CHECKSUM).equals(pack);
  });
  return (await Promise.all(checks)).every(Boolean);
}

/** An index ends with its pack's checksum and its own, a pack with its own. */
const CHECKSUM = 20;

async function tail(path: string, length: number): Promise<Buffer> {
  await using file = await open(path);
  const { size } = await file.stat();
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, Math.max(0, size - length));
  return buffer.subarray(0, bytesRead);
}
