import { type Commit, DIRECTORY_MODE, type TreeEntry } from "./git-objects.ts";

import { MalformedPush } from "../protocol/pkt-line.ts";

type Directory = ReadonlyMap<string, TreeEntry>;
export type ReadTree = (id: string) => Promise<Directory>;

/** In the directories that are looked at for one commit, its parents' included. */
const MAX_ENTRIES = 300_000;

/** What forges run by themselves, with secrets of the repository. */
const PROTECTED = [
  ".github/workflows",
  ".gitlab-ci.yml",
  ".gitea/workflows",
  ".forgejo/workflows",
  ".circleci",
  ".buildkite",
  ".woodpecker",
  ".woodpecker.yml",
  ".drone.yml",
  ".travis.yml",
  "azure-pipelines.yml",
  "bitbucket-pipelines.yml",
  "Jenkinsfile",
];

/**
 * The path of a workflow file that a commit has as none of its parents has it, which is then its own doing; undefined
 * where there is none. Removing one is no such thing, nor is a merge of what others changed.
 */
export async function ownWorkflow(
  commit: Commit,
  treeOf: (commit: string) => Promise<string | undefined>,
  readTree: ReadTree,
): Promise<string | undefined> {
  const read = upTo(MAX_ENTRIES, readTree);
  const root: TreeEntry = { mode: DIRECTORY_MODE, id: commit.tree };
  const found: [string, TreeEntry][] = [];
  for (const path of PROTECTED) {
    const entry = await entryAt(root, path, read);
    if (entry !== undefined) found.push([path, entry]);
  }
  // Most repositories' parents need not be looked at, and the worker may not have them.
  if (found.length === 0) return undefined;
  const parents: TreeEntry[] = [];
  for (const parent of commit.parents) {
    const id = await treeOf(parent);
    if (id !== undefined) parents.push({ mode: DIRECTORY_MODE, id });
  }
  for (const [path, entry] of found) {
    const theirs: (TreeEntry | undefined)[] = [];
    for (const parent of parents) theirs.push(await entryAt(parent, path, read));
    const own = await ownPath(path, entry, theirs, read);
    if (own !== undefined) return own;
  }
  return undefined;
}

/** Keeps what is held at once within bounds. */
function upTo(limit: number, read: ReadTree): ReadTree {
  const seen = new Set<string>();
  let entries = 0;
  return async (id) => {
    const directory = await read(id);
    if (!seen.has(id)) entries += directory.size;
    seen.add(id);
    if (entries > limit) throw new MalformedPush("the directories of its workflow files are too large to be looked at");
    return directory;
  };
}

async function ownPath(
  path: string,
  entry: TreeEntry,
  theirs: readonly (TreeEntry | undefined)[],
  read: ReadTree,
): Promise<string | undefined> {
  if (theirs.some((their) => their?.id === entry.id && their.mode === entry.mode)) return undefined;
  if (entry.mode !== DIRECTORY_MODE) return path;
  const directories: Directory[] = [];
  for (const their of theirs) if (their?.mode === DIRECTORY_MODE) directories.push(await read(their.id));
  for (const [name, child] of await read(entry.id)) {
    const own = await ownPath(
      `${path}/${name}`,
      child,
      directories.map((directory) => directory.get(name)),
      read,
    );
    if (own !== undefined) return own;
  }
  return undefined;
}

async function entryAt(root: TreeEntry, path: string, read: ReadTree): Promise<TreeEntry | undefined> {
  let at: TreeEntry | undefined = root;
  for (const name of path.split("/")) {
    if (at?.mode !== DIRECTORY_MODE) return undefined;
    at = (await read(at.id)).get(name);
  }
  return at;
}
