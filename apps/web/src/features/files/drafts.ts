import { isWithin } from "../../file-paths.ts";

/** A text that was edited and not saved. */
export interface Draft {
  text: string;
  /** The content that it was begun from, and that content's version; `absent` where it is to be made anew. */
  base: string;
  version: string;
}

/**
 * What is not saved yet, by workspace and path. It outlives the pages and the sign-in, so that neither going elsewhere in the
 * dashboard nor a token that ends loses anything.
 */
export interface Drafts {
  /** The same map until one of them changes. */
  of(workspace: string): ReadonlyMap<string, Draft>;
  /** A text that is what it was begun from is no draft any more. */
  keep(workspace: string, path: string, draft: Draft): void;
  drop(workspace: string, path: string): void;
  /** Follows a file, or a folder of files, to its new path. */
  move(workspace: string, from: string, to: string): void;
  /** How many there are, of all workspaces: what closing the page would lose. */
  count(): number;
  /** Gives up all of them. */
  clear(): void;
  subscribe(listener: () => void): () => void;
}

const NONE: ReadonlyMap<string, Draft> = new Map();

export function createDrafts(): Drafts {
  const listeners = new Set<() => void>();
  const all = new Map<string, ReadonlyMap<string, Draft>>();
  const draftsOf = (workspace: string): ReadonlyMap<string, Draft> => all.get(workspace) ?? NONE;

  return {
    of: draftsOf,
    keep(workspace, path, draft) {
      const changed = new Map(draftsOf(workspace));
      if (draft.text === draft.base && draft.version !== "absent") changed.delete(path);
      else changed.set(path, draft);
      set(workspace, changed);
    },
    drop(workspace, path) {
      const changed = new Map(draftsOf(workspace));
      if (changed.delete(path)) set(workspace, changed);
    },
    move(workspace, from, to) {
      const moved = [...draftsOf(workspace)].map(
        ([path, draft]) => [isWithin(path, from) ? to + path.slice(from.length) : path, draft] as const,
      );
      if (moved.length > 0) set(workspace, new Map(moved));
    },
    count: () => [...all.values()].reduce((sum, { size }) => sum + size, 0),
    clear() {
      all.clear();
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  function set(workspace: string, drafts: ReadonlyMap<string, Draft>): void {
    all.set(workspace, drafts);
    tell();
  }

  function tell(): void {
    for (const listener of listeners) listener();
  }
}
