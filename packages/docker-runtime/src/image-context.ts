import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";

import { pack } from "tar-stream";

export interface ContextFile {
  /** Relative to the context, with slashes. */
  path: string;
  executable: boolean;
  content: Buffer;
}

/** All files below a directory, in an order that does not depend on the file system. */
export async function readContext(directory: string): Promise<ContextFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = paths.map(async (path) => ({
    path: path.slice(directory.length).replaceAll("\\", "/").replace(/^\/+/, ""),
    executable: ((await stat(path)).mode & 0o100) !== 0,
    content: await readFile(path),
  }));
  return (await Promise.all(files)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * `ws-workspace:` and twelve digits that stand for everything the image is made from: an agent of another version
 * never runs on this one's image, and the same version never builds twice.
 */
export function imageTag(context: readonly ContextFile[], base: readonly ContextFile[]): string {
  const hash = createHash("sha256");
  for (const [part, files] of Object.entries({ context, base })) {
    for (const { path, executable, content } of files) {
      const digest = createHash("sha256").update(content).digest("hex");
      hash.update(`${JSON.stringify([part, path, executable, digest])}\n`);
    }
  }
  return `ws-workspace:${hash.digest("hex").slice(0, 12)}`;
}

export function textFile(path: string, text: string): ContextFile {
  return { path, executable: false, content: Buffer.from(text) };
}

/** The files as the tar that the engine builds from. */
export function contextTar(files: readonly ContextFile[]): Readable {
  const tar = pack();
  for (const { path, executable, content } of files) {
    tar.entry({ name: path, mode: executable ? 0o755 : 0o644, mtime: new Date(0) }, content);
  }
  tar.finalize();
  return tar as unknown as Readable;
}
