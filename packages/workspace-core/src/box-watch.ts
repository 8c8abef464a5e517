/** What is watched below a directory, and for how long. */
export interface WatchOptions {
  /** The watching ends with it, without an error. */
  signal?: AbortSignal;
  /** Names of directories whose content is left out, wherever they lie; `.*` stands for every hidden one. */
  ignore?: readonly string[];
  /** Directories that are watched all the same: a path for its own entries, `path/**` for all that lies below it too. */
  include?: readonly string[];
}

/**
 * Entries that were made, changed, moved or removed: paths below the directory, segments joined by `/`; of one that was moved both.
 * Or anything may have changed, because what did was too much or was not seen. `slow` says, in a sentence, why changes are not seen as they
 * happen: then this comes every few seconds.
 */
export type WatchBatch = { paths: string[] } | { resync: true; slow?: string };
