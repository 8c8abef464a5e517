import { MalformedPush } from "./pkt-line.ts";

export interface Commit {
  tree: string;
  parents: readonly string[];
}

export interface TreeEntry {
  /** Octal; `40000` is a directory, however it was written. */
  mode: string;
  id: string;
}

export const DIRECTORY_MODE = "40000";

/** What a commit's head says. Throws `MalformedPush`. */
export function parseCommit(content: Buffer): Commit {
  const end = content.indexOf("\n\n");
  const lines = content
    .subarray(0, end === -1 ? content.length : end)
    .toString("latin1")
    .split("\n");
  const tree = /^tree ([0-9a-f]{40,64})$/.exec(lines[0] ?? "")?.[1];
  if (tree === undefined) throw new MalformedPush("a commit in it names no tree");
  const parents: string[] = [];
  for (const line of lines.slice(1)) {
    const parent = /^parent ([0-9a-f]{40,64})$/.exec(line)?.[1];
    if (parent === undefined) break;
    parents.push(parent);
  }
  return { tree, parents };
}

/** What a tag is of. Throws `MalformedPush`. */
export function taggedBy(content: Buffer): string {
  const id = /^object ([0-9a-f]{40,64})\n/.exec(content.subarray(0, 80).toString("latin1"))?.[1];
  if (id === undefined) throw new MalformedPush("a tag in it is of nothing");
  return id;
}

/** A directory's entries by name. Throws `MalformedPush`, also for a name that stands there twice. */
export function parseTree(content: Buffer, idBytes: 20 | 32): Map<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const nul = content.indexOf(0, space + 1);
    const end = nul + 1 + idBytes;
    if (space === -1 || nul === -1 || end > content.length) throw new MalformedPush("a directory in it is broken");
    const name = content.toString("utf8", space + 1, nul);
    if (entries.has(name)) throw new MalformedPush("a directory in it names something twice");
    entries.set(name, {
      mode: plainMode(content.toString("latin1", at, space)),
      id: content.toString("hex", nul + 1, end),
    });
    at = end;
  }
  return entries;
}

/** Git takes any mode with the directory's bit for a directory's. */
function plainMode(mode: string): string {
  if (!/^[0-7]{1,11}$/.test(mode)) throw new MalformedPush("a directory in it is broken");
  const value = Number.parseInt(mode, 8);
  return (value & 0o170000) === 0o040000 ? DIRECTORY_MODE : value.toString(8);
}
