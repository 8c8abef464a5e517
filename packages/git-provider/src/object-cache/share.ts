import { link, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "./incoming.ts";
import { borrowers, type CachePaths, makeShare, type SharePaths, sharePaths } from "./layout.ts";
import { packFiles } from "./packs.ts";
import { asClone } from "./refs.ts";

/**
 * Gives a workspace what the cache has now, by hard links: whatever becomes of the cache later, no object is taken from
 * where somebody borrows. Nothing is given where the remote has no default branch. The caller holds the cache's lock.
 */
export async function fillShare(cache: CachePaths, share: SharePaths): Promise<void> {
  const [refs, head] = await Promise.all([readFile(cache.refs, "latin1"), readFile(cache.head, "latin1")]);
  if (head === "") return;
  await makeShare(share);
  await linkPacks(cache, share);
  await replaceFile(share.head, Buffer.from(head, "latin1"));
  await replaceFile(share.refs, Buffer.from(asClone(refs), "latin1"));
}

/** Gives everybody who borrows a second copy of what proved broken and was fetched anew. */
export async function mendShares(cache: CachePaths): Promise<void> {
  for (const workspace of await borrowers(cache)) {
    const share = sharePaths(cache, workspace);
    // One that is empty was never given anything.
    const given = await packFiles(join(share.objects, "pack")).catch(() => []);
    if (given.length > 0) await linkPacks(cache, share);
  }
}

export async function removeShare(share: SharePaths): Promise<void> {
  await rm(share.directory, { recursive: true, force: true, maxRetries: 5 });
}

async function linkPacks(cache: CachePaths, share: SharePaths): Promise<void> {
  for (const name of await packFiles(join(cache.objects, "pack"))) {
    await linkOver(join(cache.objects, "pack", name), join(share.objects, "pack", name));
  }
}

async function linkOver(from: string, to: string): Promise<void> {
  const [wanted, found] = await Promise.all([stat(from), stat(to).catch(() => undefined)]);
  if (found?.ino === wanted.ino) return;
  if (found === undefined) return link(from, to);
  // One of the same name and another file is one that was broken.
  const beside = `${to}.new`;
  await rm(beside, { force: true });
  await link(from, beside);
  await rename(beside, to);
}
