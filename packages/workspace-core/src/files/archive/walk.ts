import type { ConfinedEntry, ConfinedFiles } from "../../confined.ts";
import { isWsError } from "../../errors.ts";

export interface Walked {
  /** Below the directory that the walk began at; its own is left out. */
  path: string;
  entry: ConfinedEntry;
}

/** What lies below a directory, each directory before what is in it; links are told and not followed. What goes away meanwhile is left out. */
export async function* walk(files: ConfinedFiles, root: string, signal?: AbortSignal): AsyncGenerator<Walked> {
  const given = signal === undefined ? {} : { signal };
  yield* below("");

  async function* below(path: string): AsyncGenerator<Walked> {
    const { entries } = await files.list(joined(root, path), given).catch((error: unknown) => {
      if (path !== "" && isGone(error)) return { entries: [] };
      throw error;
    });
    for (const entry of entries) {
      const each = joined(path, entry.name);
      yield { path: each, entry };
      if (entry.type === "directory") yield* below(each);
    }
  }
}

/** What a file's content cannot be had for without anything being wrong with the rest. */
export function isGone(error: unknown): boolean {
  return (
    ["file_not_found", "not_a_directory", "not_a_regular_file", "permission_denied", "path_not_allowed"] as const
  ).some((code) => isWsError(error, code));
}

export function joined(above: string, below: string): string {
  return above === "" || below === "" ? `${above}${below}` : `${above}/${below}`;
}
