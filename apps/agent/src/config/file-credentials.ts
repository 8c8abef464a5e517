import { lstat, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { GivenFile } from "@ws/workspace-core";
import { expandHome } from "../paths.ts";

/** What a workspace is given of one directory at most. */
const MOST_FILES = 1_000;
const MOST_BYTES = 32 * 1024 * 1024;

/** The worker's file credentials as they are now, with their modes; of a directory everything in it but links. */
export async function readFileCredentials(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<GivenFile[]> {
  const all = await Promise.all(
    Object.entries(files).map(async ([target, source]) => {
      try {
        return await readOne(target, expandHome(source, env));
      } catch (error) {
        const absent = (error as NodeJS.ErrnoException).code === "ENOENT";
        return [{ target, mode: 0, problem: `The worker ${absent ? "has no" : "cannot read"} ${source}.` }];
      }
    }),
  );
  return all.flat();
}

async function readOne(target: string, source: string): Promise<GivenFile[]> {
  const found = await stat(source);
  if (found.isFile()) {
    return found.size > MOST_BYTES
      ? [{ target, mode: 0, problem: `${source} is larger than 32 MiB.` }]
      : [{ target, content: await readFile(source), mode: found.mode & 0o777 }];
  }
  if (!found.isDirectory()) return [{ target, mode: 0, problem: `${source} is neither a file nor a directory.` }];
  const result: GivenFile[] = [];
  let bytes = 0;
  for await (const path of within(source)) {
    const { size, mode } = await stat(path);
    bytes += size;
    if (result.length === MOST_FILES || bytes > MOST_BYTES) {
      const problem = `${source} holds more than ${MOST_FILES} files or 32 MiB; the rest is left out.`;
      return [...result, { target, mode: 0, problem }];
    }
    const place = `${target.replace(/\/+$/, "")}/${path.slice(source.length).replace(/^\/+/, "")}`;
    result.push({ target: place, content: await readFile(path), mode: mode & 0o777 });
  }
  return result;
}

/** Sockets and the like are nothing that could be copied, and a link may lead anywhere. */
async function* within(directory: string): AsyncGenerator<string> {
  for (const name of (await readdir(directory)).sort()) {
    const path = join(directory, name);
    const found = await lstat(path);
    if (found.isDirectory()) yield* within(path);
    else if (found.isFile()) yield path;
  }
}
