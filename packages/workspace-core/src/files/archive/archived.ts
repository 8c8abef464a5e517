import { throwIfAborted } from "../../aborted.ts";
import type { ConfinedFiles, ConfinedRead } from "../../confined.ts";
import { inTurn } from "../../in-turn.ts";
import { isGone, joined, walk, type Walked } from "./walk.ts";

export interface Archived extends Walked {
  /** Of a regular file; open until the next entry is asked for. */
  file?: ConfinedRead;
}

/** So many files are opened ahead of the one that is written, and so many bytes: each costs a round trip to the workspace. */
const AHEAD = { most: 8, limit: 1024 * 1024 };

/** What goes into an archive of a directory, each directory before what is in it. What goes away meanwhile is left out. */
export async function* archived(files: ConfinedFiles, root: string, signal?: AbortSignal): AsyncGenerator<Archived> {
  const given = signal === undefined ? {} : { signal };
  const open = async ({ path, entry }: Walked): Promise<Archived | undefined> => {
    if (entry.type !== "file") return { path, entry };
    try {
      return { path, entry, file: await files.read(joined(root, path), given) };
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  };
  const opened = inTurn(walk(files, root, signal), open, {
    ...AHEAD,
    weigh: ({ entry }) => entry.size,
    drop: async (left) => left?.file?.[Symbol.asyncDispose](),
  });
  for await (const each of opened) {
    await using _file = each?.file;
    throwIfAborted(signal);
    if (each !== undefined) yield each;
  }
}
