import { chmod, copyFile, mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { configText, INCOMING_CONFIG } from "./incoming-config.ts";
import type { CachePaths } from "./layout.ts";
import { packFiles, removePacks } from "./packs.ts";

/** A bare repository of one fetch: what git writes here is nobody's until it is whole. */
export interface Incoming extends AsyncDisposable {
  readonly directory: string;
  /** Moves the packs that came into the cache; resolves to their files' names. */
  add(): Promise<string[]>;
  /** The same, and then makes the refs that came, and this branch, what the cache stands for. */
  publish(head: string | undefined): Promise<void>;
}

const PREFIX = "incoming-";

/**
 * Begins one beside the cache, with its refs and objects to build on, or `anew` with none. Only whoever holds the cache's lock
 * may: what others left here is of processes that are gone, and a git of theirs that lives on can only write to what is then removed.
 */
export async function beginIncoming(cache: CachePaths, { anew }: { anew: boolean }): Promise<Incoming> {
  await sweep(cache);
  const directory = await mkdtemp(join(cache.directory, PREFIX));
  const objects = join(directory, "objects");
  await mkdir(join(objects, "info"), { recursive: true });
  await mkdir(join(objects, "pack"));
  await mkdir(join(directory, "refs"));
  await writeFile(join(directory, "HEAD"), "ref: refs/heads/main\n");
  await writeFile(join(directory, "config"), configText(INCOMING_CONFIG));
  if (!anew) {
    await writeFile(join(objects, "info/alternates"), `${cache.objects}\n`);
    await copyFile(cache.refs, join(directory, "packed-refs"));
  }
  const add = (): Promise<string[]> => moveIn(join(objects, "pack"), join(cache.objects, "pack"));
  return {
    directory,
    add,
    async publish(head) {
      const came = new Set(await add());
      const packed = await readFile(join(directory, "packed-refs")).catch(() => Buffer.from(""));
      await replaceFile(cache.head, Buffer.from(head ?? "", "latin1"));
      await replaceFile(cache.refs, packed);
      if (anew) await removePacks(cache.objects, (name) => !came.has(name));
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** A file that readers find with its old content or its new, also when the power fails. */
export async function replaceFile(path: string, content: Uint8Array): Promise<void> {
  const beside = `${path}.new`;
  {
    await using file = await open(beside, "w", 0o644);
    await file.writeFile(content);
    await file.chmod(0o444);
    await file.sync();
  }
  await rename(beside, path);
}

async function moveIn(from: string, to: string): Promise<string[]> {
  const names = await packFiles(from);
  for (const name of names) {
    await chmod(join(from, name), 0o444);
    // A pack of this name has the same content, unless it is broken.
    await rename(join(from, name), join(to, name));
  }
  await using directory = await open(to, "r");
  await directory.sync();
  return names;
}

async function sweep({ directory }: CachePaths): Promise<void> {
  const left = (await readdir(directory)).filter((name) => name.startsWith(PREFIX));
  for (const name of left) await rm(join(directory, name), { recursive: true, force: true, maxRetries: 5 });
}
