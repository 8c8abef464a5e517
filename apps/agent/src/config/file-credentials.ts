import { constants } from "node:fs";
import { open, readdir, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { GivenFile } from "@ws/workspace-core";
import { expandHome } from "../paths.ts";

/** What a workspace is given of one directory at most. */
const MOST_FILES = 1_000;
const MOST_BYTES = 32 * 1024 * 1024;
/** Opening a pipe must not wait for whoever would write into it. */
const LOOK = constants.O_RDONLY | constants.O_NONBLOCK;

/** The worker's file credentials as they are now, with their modes; of a directory everything in it but links. */
export async function readFileCredentials(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<GivenFile[]> {
  const all = await Promise.all(
    Object.entries(files).map(async ([target, source]) => {
      try {
        return await readSource(target, expandHome(source, env));
      } catch (error) {
        const absent = (error as NodeJS.ErrnoException).code === "ENOENT";
        return [{ target, mode: 0, problem: `The worker ${absent ? "has no" : "cannot read"} ${source}.` }];
      }
    }),
  );
  return all.flat();
}

async function readSource(target: string, source: string): Promise<GivenFile[]> {
  await using handle = await open(source, LOOK);
  const found = await handle.stat();
  if (found.isFile()) {
    const content = await readAtMost(handle, MOST_BYTES);
    return content === undefined
      ? [{ target, mode: 0, problem: `${source} is larger than 32 MiB.` }]
      : [{ target, content, mode: found.mode & 0o777 }];
  }
  if (!found.isDirectory()) return [{ target, mode: 0, problem: `${source} is neither a file nor a directory.` }];
  const result: GivenFile[] = [];
  let left = MOST_BYTES;
  for await (const path of filesBelow(source)) {
    // What is swapped for a link meanwhile could lead anywhere.
    await using file = await open(path, LOOK | constants.O_NOFOLLOW);
    const content = result.length === MOST_FILES ? undefined : await readAtMost(file, left);
    if (content === undefined) {
      const problem = `${source} holds more than ${MOST_FILES} files or 32 MiB; the rest is left out.`;
      return [...result, { target, mode: 0, problem }];
    }
    left -= content.length;
    const place = `${target.replace(/\/+$/, "")}/${path.slice(source.length).replace(/^\/+/, "")}`;
    result.push({ target: place, content, mode: (await file.stat()).mode & 0o777 });
  }
  return result;
}

/** Undefined for what is longer, which is not read to its end: it may grow for as long as it is read. */
async function readAtMost(file: FileHandle, most: number): Promise<Buffer | undefined> {
  if ((await file.stat()).size > most) return undefined;
  const parts: Buffer[] = [];
  for await (const part of file.createReadStream({ start: 0, end: most, autoClose: false })) parts.push(part as Buffer);
  const content = Buffer.concat(parts);
  return content.length > most ? undefined : content;
}

/** Sockets and the like are nothing that could be copied, and a link may lead anywhere. */
export async function* filesBelow(directory: string): AsyncGenerator<string> {
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}
