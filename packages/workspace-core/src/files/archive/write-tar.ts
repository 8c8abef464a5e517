import type { ConfinedFiles } from "../../confined.ts";
import { archived } from "./archived.ts";
import { leadsOutOf } from "./link-target.ts";
import { padding, tarHeader } from "./tar-header.ts";

/** A directory as a POSIX tar: files, directories, and links as far as they stay below it. What the policy hides is left out. */
export async function* writeTar(files: ConfinedFiles, root: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const { path, entry, file } of archived(files, root, signal)) {
    const { mode, modifiedAt } = entry;
    if (entry.type === "directory") yield tarHeader({ path: `${path}/`, type: "directory", size: 0, mode, modifiedAt });
    else if (entry.type === "symlink" && entry.target !== undefined && !leadsOutOf(path, entry.target)) {
      yield tarHeader({ path, type: "symlink", size: 0, mode, modifiedAt, target: entry.target });
    } else if (file !== undefined) {
      const { size } = file.stat;
      yield tarHeader({ path, type: "file", size, mode: file.stat.mode, modifiedAt });
      yield* exactly(file.content, size);
      yield padding(size);
    }
  }
  yield new Uint8Array(1_024);
}

/** As many bytes as the header says, whatever becomes of the file while it is read. */
async function* exactly(content: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let left = size;
  for await (const chunk of content) {
    const taken = chunk.subarray(0, left);
    left -= taken.length;
    if (taken.length > 0) yield taken;
    if (left === 0) return;
  }
  for (; left > 0; left -= Math.min(left, ZEROS.length)) yield ZEROS.subarray(0, left);
}

const ZEROS = new Uint8Array(64 * 1024);
