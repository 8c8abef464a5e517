import { throwIfAborted } from "../../aborted.ts";
import type { ConfinedFiles } from "../../confined.ts";
import { relativePath } from "../../policy/relative-path.ts";
import { readTar } from "./read-tar.ts";
import { joined } from "./walk.ts";

export interface Unpacked {
  files: number;
  directories: number;
  /** Links, devices and whatever else is neither file nor directory: none of it is made. */
  skipped: number;
  bytes: number;
}

/**
 * Writes a tar's files below a directory, one by one and each as any file is written: nothing in an archive leads anywhere, and no
 * link of it is made. The first entry that cannot be written ends it, and those before it stay. Throws `path_traversal`, `invalid_input`.
 */
export async function unpackTar(
  files: ConfinedFiles,
  root: string,
  source: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<Unpacked> {
  const given = signal === undefined ? {} : { signal };
  const done: Unpacked = { files: 0, directories: 0, skipped: 0, bytes: 0 };
  for await (const { path, type, size, mode, content } of readTar(source)) {
    throwIfAborted(signal);
    const at = joined(root, relativePath(path));
    if (type === "file") {
      await files.write(at, content, { mode: mode | 0o600, parents: true, ...given });
      done.files += 1;
      done.bytes += size;
    } else if (type === "directory") {
      if (at !== root) await files.mkdir(at, given);
      done.directories += 1;
    } else done.skipped += 1;
  }
  return done;
}
