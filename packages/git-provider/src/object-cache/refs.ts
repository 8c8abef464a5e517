/** Object ids by ref names, in whatever bytes they have: all texts here are latin1. */
export type Refs = ReadonlyMap<string, string>;

const BRANCH = "refs/heads/";
const REMOTE_BRANCH = "refs/remotes/origin/";

/** What `git ls-remote --symref` printed: branches and tags, and the branch that HEAD stands for. */
export function parseListing(text: string): { refs: Refs; head?: string } {
  const refs = new Map<string, string>();
  let head: string | undefined;
  for (const line of text.split("\n")) {
    const [left = "", name] = line.split("\t");
    if (name === undefined) continue;
    if (name === "HEAD" && left.startsWith(`ref: ${BRANCH}`)) head = left.slice(`ref: ${BRANCH}`.length);
    else if (isKept(name)) refs.set(name, left);
  }
  return { refs, ...(head === undefined ? {} : { head }) };
}

/** The refs in a `packed-refs` file. */
export function parsePacked(text: string): Refs {
  const refs = new Map<string, string>();
  for (const line of text.split("\n")) {
    const space = line.indexOf(" ");
    if (space > 0 && !line.startsWith("#")) refs.set(line.slice(space + 1), line.slice(0, space));
  }
  return refs;
}

export function isSame(a: Refs, b: Refs): boolean {
  return a.size === b.size && [...a].every(([name, id]) => b.get(name) === id);
}

/**
 * The same `packed-refs` as a clone has them: branches are those of its remote. The order stays right, because all
 * branches come before all tags in both.
 */
export function asClone(packed: string): string {
  return packed.replaceAll(/^([0-9a-f]{40}) refs\/heads\//gm, `$1 ${REMOTE_BRANCH}`);
}

function isKept(name: string): boolean {
  // A tag's object is told after the tag; git finds it by itself.
  return (name.startsWith(BRANCH) || name.startsWith("refs/tags/")) && !name.endsWith("^{}");
}
