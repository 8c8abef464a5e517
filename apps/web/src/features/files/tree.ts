import type { FileEntry } from "@ws/rpc-contract";
import { toProblem, type Problem } from "../../problem.ts";
import { foldersAbove, isWithin, joined, parentOf } from "../../file-paths.ts";

/** What a line of the tree shows: an entry, or what is to be said about a folder's content. */
export type Row = EntryRow | NoteRow;

export interface EntryRow {
  kind: "entry";
  path: string;
  entry: FileEntry;
  /** From 1. */
  level: number;
  /** Absent for what is no folder. */
  expanded?: boolean;
  /** From 1, among its siblings. */
  position: number;
  siblings: number;
}

export interface NoteRow {
  kind: "note";
  /** Of the folder. */
  path: string;
  level: number;
  note: { kind: "loading" | "empty" | "truncated" } | { kind: "failed"; problem: Problem };
}

export interface TreeState {
  rows: readonly Row[];
  /** Whether the workspace's directory itself is known, cannot be listed, or is still asked for. */
  root: "loading" | "ready" | "failed";
}

export interface Listing {
  entries: readonly FileEntry[];
  truncated: boolean;
}

export type ListFolder = (path: string, signal: AbortSignal) => Promise<Listing>;

export interface Tree {
  state(): TreeState;
  subscribe(listener: () => void): () => void;
  expand(path: string): void;
  collapse(path: string): void;
  /** Expands the folders on the way to it. */
  reveal(path: string): void;
  /** Lists what is shown again: all of it, or the folders given. What was known stays until it is answered. */
  refresh(paths?: readonly string[]): Promise<void>;
  /** How folders are listed from now on; until then, nothing is. */
  listBy(list: ListFolder): void;
  /** Ends what is asked for. */
  stop(): void;
}

interface Folder {
  listing?: Listing;
  problem?: Problem;
  asking?: AbortController;
}

/** Folders that are asked for at once when all are listed again. */
const AT_ONCE = 4;

/** The shown part of a directory tree. A folder is listed when it is opened, and never what lies below it. */
export function createTree(): Tree {
  let list: ListFolder | undefined;
  const listeners = new Set<() => void>();
  const folders = new Map<string, Folder>([["", {}]]);
  const expanded = new Set<string>([""]);
  let state: TreeState | undefined;

  return {
    state: () => (state ??= describe()),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    expand(path) {
      if (expanded.has(path)) return;
      expanded.add(path);
      void load(path);
      changed();
    },
    collapse(path) {
      if (path === "" || !expanded.delete(path)) return;
      forget(path);
      changed();
    },
    reveal(path) {
      const closed = foldersAbove(path).filter((folder) => !expanded.has(folder));
      if (closed.length === 0) return;
      for (const folder of closed) {
        expanded.add(folder);
        void load(folder);
      }
      changed();
    },
    async refresh(paths) {
      const waiting = [...expanded].filter((path) => paths === undefined || paths.includes(path));
      const work = async (): Promise<void> => {
        for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
          if (expanded.has(path)) await load(path);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    },
    listBy(next) {
      list = next;
    },
    stop() {
      for (const { asking } of folders.values()) asking?.abort();
    },
  };

  async function load(path: string): Promise<void> {
    const folder = folders.get(path) ?? {};
    folders.set(path, folder);
    if (list === undefined) return;
    folder.asking?.abort();
    const asking = new AbortController();
    folder.asking = asking;
    try {
      const listing = await list(path, asking.signal);
      if (folder.asking !== asking) return;
      folder.listing = listing;
      delete folder.problem;
    } catch (error) {
      if (folder.asking !== asking) return;
      const problem = toProblem(error);
      // Removed meanwhile: the folder above says so.
      if (path !== "" && (problem.code === "file_not_found" || problem.code === "not_a_directory")) {
        expanded.delete(path);
        forget(path);
        void load(parentOf(path));
      } else folder.problem = problem;
    }
    delete folder.asking;
    changed();
  }

  /** What is not shown is not kept: a repository may have any number of folders. */
  function forget(path: string): void {
    for (const [known, folder] of folders) {
      if (!isWithin(known, path)) continue;
      folder.asking?.abort();
      delete folder.asking;
      folders.delete(known);
      if (known !== path) expanded.delete(known);
    }
  }

  function changed(): void {
    state = undefined;
    for (const listener of listeners) listener();
  }

  function describe(): TreeState {
    const root = folders.get("");
    if (root?.listing === undefined) {
      const rows: Row[] = root?.problem === undefined ? [] : notes("", 1, root);
      return { rows, root: root?.problem === undefined ? "loading" : "failed" };
    }
    const rows: Row[] = [];
    addFolder(rows, "", 1);
    return { rows, root: "ready" };
  }

  function addFolder(rows: Row[], path: string, level: number): void {
    const folder = folders.get(path) ?? {};
    const entries = folder.listing?.entries ?? [];
    for (const [at, entry] of entries.entries()) {
      const own = joined(path, entry.name);
      const open = expanded.has(own);
      rows.push({
        kind: "entry",
        path: own,
        entry,
        level,
        ...(entry.type === "directory" ? { expanded: open } : {}),
        position: at + 1,
        siblings: entries.length,
      });
      if (open && entry.type === "directory") addFolder(rows, own, level + 1);
    }
    rows.push(...notes(path, level, folder));
  }
}

function notes(path: string, level: number, { listing, problem }: Folder): NoteRow[] {
  const row = (note: NoteRow["note"]): NoteRow[] => [{ kind: "note", path, level, note }];
  if (problem !== undefined) return row({ kind: "failed", problem });
  if (listing === undefined) return row({ kind: "loading" });
  if (listing.truncated) return row({ kind: "truncated" });
  return listing.entries.length === 0 ? row({ kind: "empty" }) : [];
}
