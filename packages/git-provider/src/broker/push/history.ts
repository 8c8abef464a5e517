import { readFile, stat } from "node:fs/promises";
import { runWorkerGit } from "../../worker-git/run-git.ts";
import type { WorkerGitOptions } from "../../worker-git/start-git.ts";
import { type Commit, parseCommit, parseTree, taggedBy, type TreeEntry } from "./git-objects.ts";
import { commitIds, type ObjectReader, openObjects } from "./object-reader.ts";
import { MalformedPush } from "../protocol/pkt-line.ts";
import { createPublished } from "./published.ts";

/**
 * Makes sure that the worker has these commits, each with its tree and the trees below, and with `history` also all that
 * led to them; resolves to the directory of their objects. Rejects where the forge does not give them.
 */
export type EnsureObjects = (commits: readonly string[], options: { history: boolean }) => Promise<string>;

/** What can be asked about what a push builds on. */
export interface Upward {
  ensure: EnsureObjects;
  /** The tips of all branches that the forge has now. */
  tips: () => Promise<readonly string[]>;
}

/** What the worker keeps of a repository already: a directory of objects and a file of refs; neither need exist. */
export interface Known {
  objects: string;
  refs: string;
}

/** Thrown where what a push does cannot be told. */
export class CannotTell extends Error {
  override readonly name = "CannotTell";
}

/** What was pushed, with what it stands on. */
export interface PushHistory extends Disposable {
  /** Commits that came with the push. */
  readonly commits: ReadonlyMap<string, Commit>;
  /** Undefined for a commit that neither came with the push nor is of a branch of the repository. Throws `CannotTell`. */
  treeOf(commit: string): Promise<string | undefined>;
  /** Throws `CannotTell`. */
  readTree(id: string): Promise<ReadonlyMap<string, TreeEntry>>;
  /** Whether a commit, or what a tag is of, came with the push or is of a branch of the repository. Throws `CannotTell`. */
  isAccounted(id: string): Promise<boolean>;
  /** Whether `to` builds on `from`. Throws `CannotTell`. */
  isForward(from: string, to: string): Promise<boolean>;
}

const MAX_COMMITS = 200_000;
const MAX_PARENTS = 1_000_000;
const MAX_BASES = 1_000;
/** Of all directories that are remembered. */
const KEPT_ENTRIES = 100_000;
/** Of commits and directories; a small pack can hold far more than its own size. */
const MAX_READ_BYTES = 2_147_483_648;
/** How many tags may be of one another. */
const MAX_TAGS = 8;
const COMPLAINT = /^(?:error|fatal): /m;

/**
 * Opens a spooled and indexed pack. What it builds on, and does not hold, is fetched only where a question needs it: of the
 * commits it stands on first their own files' names, and their whole history where that is not enough.
 */
export async function openHistory(
  options: WorkerGitOptions & { idBytes: 20 | 32; known: Known | undefined; upward: Upward },
): Promise<PushHistory> {
  using opening = new DisposableStack();
  const commits = new Map<string, Commit>();
  let reader: ObjectReader = openObjects(options);
  opening.defer(() => reader[Symbol.dispose]());
  let parents = 0;
  let bytes = 0;
  const count = (content: Buffer): void => {
    bytes += content.length;
    if (bytes > MAX_READ_BYTES) throw new MalformedPush("it brings more than can be looked through at once");
  };
  for await (const id of commitIds(options)) {
    if (commits.size === MAX_COMMITS) throw new MalformedPush(`it brings more than ${MAX_COMMITS} commits at once`);
    const object = await reader.read(id);
    if (object?.type !== "commit") continue;
    count(object.content);
    const commit = parseCommit(object.content);
    parents += commit.parents.length;
    if (parents > MAX_PARENTS) throw new MalformedPush(`its commits name more than ${MAX_PARENTS} parents`);
    commits.set(id, commit);
  }
  const bases = [...new Set([...commits.values()].flatMap(({ parents }) => parents))].filter((id) => !commits.has(id));
  if (bases.length > MAX_BASES) throw new MalformedPush(`it builds on more than ${MAX_BASES} commits`);

  // Git complains of one that is not there.
  const kept = options.known;
  const isThere = kept !== undefined && (await stat(kept.objects).catch(() => undefined)) !== undefined;
  const known: string[] = isThere ? [kept.objects] : [];
  let fetched = 0;
  const reopen = (): void => {
    reader[Symbol.dispose]();
    reader = openObjects({ ...options, objects: known });
  };
  reopen();

  async function know(history: boolean, more: readonly string[] = []): Promise<void> {
    const wanted = [...new Set([...bases, ...more])];
    known.push(await options.upward.ensure(wanted, { history }));
    fetched += 1;
    reopen();
  }

  async function read(id: string): Promise<Buffer> {
    for (;;) {
      const object = await reader.read(id);
      if (object !== undefined) {
        count(object.content);
        return object.content;
      }
      if (fetched === 2 || bases.length === 0) throw new CannotTell(`it needs ${id}, which the server does not give`);
      await know(fetched === 1);
    }
  }

  const isPublished = createPublished({
    knownTips: async () => (isThere ? headsIn(await readFile(kept.refs, "utf8").catch(() => "")) : []),
    tips: options.upward.tips,
    know: (tips) => know(true, tips),
    async leads(tips, commit) {
      if (tips.length === 0 || (await reader.read(commit)) === undefined) return undefined;
      const stdin = [commit, ...tips.map((tip) => `^${tip}`), ""].join("\n");
      const argv = ["rev-list", "--max-count=1", "--ignore-missing", "--stdin"];
      const { code, stdout, stderr } = await runWorkerGit(argv, { ...options, objects: known, stdin });
      return code === 0 && !COMPLAINT.test(stderr) ? stdout === "" : undefined;
    },
  });

  const trees = new Map<string, ReadonlyMap<string, TreeEntry>>();
  let entries = 0;
  const opened = opening.move();
  return {
    commits,
    async treeOf(id) {
      const own = commits.get(id);
      if (own !== undefined) return own.tree;
      return (await isPublished(id)) ? parseCommit(await read(id)).tree : undefined;
    },
    async readTree(id) {
      const had = trees.get(id);
      if (had !== undefined) return had;
      const tree = parseTree(await read(id), options.idBytes);
      entries += tree.size;
      if (entries > KEPT_ENTRIES) {
        trees.clear();
        entries = tree.size;
      }
      trees.set(id, tree);
      return tree;
    },
    async isAccounted(id) {
      let at = id;
      for (let depth = 0; depth < MAX_TAGS; depth += 1) {
        if (commits.has(at)) return true;
        const object = await reader.read(at);
        if (object?.type !== "tag") break;
        at = taggedBy(object.content);
      }
      return isPublished(at);
    },
    async isForward(from, to) {
      const reached = basesOf(to, commits);
      if (reached.seen.has(from)) return true;
      // What lies below what came is the forge's; most pushes build directly on what they replace.
      const isBelow = await isAnyBelow(reached.bases);
      if (isBelow !== undefined) return isBelow;
      await know(true, [from, ...reached.bases]);
      const fetchedBelow = await isAnyBelow(reached.bases);
      if (fetchedBelow === undefined) throw new CannotTell("what it builds on cannot be looked at");
      return fetchedBelow;

      /** Undefined where what is known is not enough to tell. */
      async function isAnyBelow(bases: readonly string[]): Promise<boolean | undefined> {
        for (const base of bases) {
          const argv = ["merge-base", "--is-ancestor", from, base];
          const { code, stderr } = await runWorkerGit(argv, { ...options, objects: known });
          if (code === 0) return true;
          // Git says no, too, where it cannot read as far as it would have to.
          if (code !== 1 || COMPLAINT.test(stderr)) return undefined;
        }
        return false;
      }
    },
    [Symbol.dispose]: () => opened.dispose(),
  };
}

/** All commits from one down through what was pushed, and those among them that were there before. */
function basesOf(tip: string, commits: ReadonlyMap<string, Commit>): { seen: Set<string>; bases: string[] } {
  const seen = new Set([tip]);
  const bases: string[] = [];
  const open = [tip];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const commit = commits.get(id);
    if (commit === undefined) bases.push(id);
    for (const parent of commit?.parents ?? []) {
      if (!seen.has(parent)) open.push(parent);
      seen.add(parent);
    }
  }
  return { seen, bases };
}

/** The tips of branches in a file of packed refs. */
function headsIn(refs: string): string[] {
  return refs
    .split("\n")
    .flatMap((line) => /^([0-9a-f]{40,64}) refs\/(?:heads|remotes\/origin)\//.exec(line)?.[1] ?? []);
}
