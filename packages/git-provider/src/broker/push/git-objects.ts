import { MalformedPush } from "../protocol/pkt-line.ts";

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

/** Where its tree and parents stand; a message may be as long as an object. */
const HEAD_BYTES = 65_536;

/** What a commit's head says. Throws `MalformedPush`. */
export function parseCommit(content: Buffer): Commit {
  const head = content.subarray(0, HEAD_BYTES);
  let at = 0;
  // Each id is read from the bytes: as part of a longer text it would keep all of that in memory.
  const idAfter = (name: string): string | undefined => {
    const start = at + name.length;
    const end = head.indexOf(10, at);
    if (end === -1 || head.toString("latin1", at, start) !== name) return undefined;
    const id = head.toString("latin1", start, end);
    if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id)) return undefined;
    at = end + 1;
    return id;
  };
  const tree = idAfter("tree ");
  if (tree === undefined) throw new MalformedPush("a commit in it names no tree");
  const parents: string[] = [];
  for (let id = idAfter("parent "); id !== undefined; id = idAfter("parent ")) parents.push(id);
  const isCut = content.length > head.length && head.indexOf(10, at) === -1;
  if (isCut && "parent ".startsWith(head.toString("latin1", at, at + "parent ".length))) {
    throw new MalformedPush("a commit in it has more parents than are looked at");
  }
  return { tree, parents };
}

/** What a tag is of. Throws `MalformedPush`. */
export function taggedBy(content: Buffer): string {
  const id = /^object ([0-9a-f]{40,64})\n/.exec(content.subarray(0, 80).toString("latin1"))?.[1];
  if (id === undefined) throw new MalformedPush("a tag in it is of nothing");
  return id;
}

/** A directory's entries by name, each byte of which is a character: names need not be UTF-8. Throws `MalformedPush`, also for a name that stands there twice. */
export function parseTree(content: Buffer, idBytes: 20 | 32): Map<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const nul = content.indexOf(0, space + 1);
    const end = nul + 1 + idBytes;
    if (space === -1 || nul === -1 || end > content.length) throw new MalformedPush("a directory in it is broken");
    const name = content.toString("latin1", space + 1, nul);
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
