/** What a changed path means to a viewer: its own place in the tree, git's state, or nothing. */
export function changedPart(path: string): "path" | "git" | undefined {
  const segments = path.split("/");
  const name = segments.at(-1) ?? "";
  if (segments[0] === ".git") return tellsOfGit(segments) ? "git" : undefined;
  // A file of ours on its way to its name.
  if (name.startsWith(".ws-")) return undefined;
  if (!segments.some((segment) => segment.startsWith("."))) return "path";
  // Hidden ones are not followed, but to git they are files like others, and some say what it ignores.
  return "git";
}

/** What is watched: without what tools make, and of git's own what says where it stands. */
export const WATCHED = {
  ignore: [".*", "node_modules", "dist", "build"],
  include: [".git", ".git/refs/**", ".git/reftable/**"],
};

const STANDING = new Set([
  "HEAD",
  "index",
  "packed-refs",
  "config",
  "MERGE_HEAD",
  "CHERRY_PICK_HEAD",
  "REVERT_HEAD",
  "BISECT_LOG",
  "rebase-merge",
  "rebase-apply",
]);

function tellsOfGit([, ...below]: readonly string[]): boolean {
  // Git writes what it replaces under another name first.
  if (below.at(-1)?.endsWith(".lock") === true) return false;
  const [first] = below;
  if (first === undefined || first === "reftable") return true;
  return first === "refs" ? below.length > 1 : below.length === 1 && STANDING.has(first);
}
