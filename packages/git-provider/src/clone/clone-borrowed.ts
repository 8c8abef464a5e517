import type { Box, Repository } from "@ws/workspace-core";
import { branchNotFound } from "../failures.ts";
import { type RunGitOptions, runToEnd } from "../run-git.ts";

/** What a clone came to stand on. */
export interface Cloned {
  branch: string;
  /** What the branch goes back to; absent where the remote names no default. */
  baseBranch?: string;
}

export interface BorrowedCloneOptions extends RunGitOptions {
  /** Where it goes. */
  directory: string;
  /** A directory that says, as long as it is there, that everything in the clone is ours. */
  mark: string;
  identity: { name: string; email: string };
}

/**
 * Clones from the objects that the place is shown, without asking the remote: the worker asked it a moment ago, in this workspace's
 * right. As one program, because each costs as much as what it does. Resolves to what was wrong where nothing came of it; then
 * nothing of it stays, unless `left` says that its mark and what it began are still there. Throws `branch_not_found`.
 */
export async function cloneBorrowed(
  box: Box,
  repository: Repository,
  options: BorrowedCloneOptions,
): Promise<Cloned | { reason: string; left: boolean }> {
  const { directory, mark, identity, ...running } = options;
  const { objects = "" } = box;
  const { url, branch = "", baseBranch = "", branchIsNew = false, checkout = {} } = repository;
  const parameters = [directory, mark, objects, url, branch, baseBranch, branchIsNew ? "new" : ""];
  const { code, stdout, stderr } = await runToEnd(
    box,
    ["sh", "-c", SCRIPT, "sh", ...parameters, identity.name, identity.email, ...(checkout.sparse ?? [])],
    { ...running, cwd: "/", env: { ...running.env, GIT_DEFAULT_HASH: "sha1", GIT_DEFAULT_REF_FORMAT: "files" } },
  );
  if (code === ABSENT) throw branchNotFound(url, baseBranch);
  if (code === NOTHING_TO_BORROW) return { reason: "", left: false };
  const [stands = "", base = ""] = stdout.split("\n");
  if (code !== 0 || stands === "") return { reason: stderr, left: true };
  return { branch: stands, ...(base === "" ? {} : { baseBranch: base }) };
}

const NOTHING_TO_BORROW = 20;
const ABSENT = 22;

/** Names and paths are parameters, never part of the text. What stands in git's files is what `git clone` writes there. */
const SCRIPT = `
set -eu
directory=$1 mark=$2 borrowed=$3 url=$4 branch=$5 base=$6 new=$7 name=$8 email=$9
shift 9
[ -f "$borrowed/packed-refs" ] && [ ! -e "$mark" ] || exit ${NOTHING_TO_BORROW}
if [ -e "$directory" ] || [ -L "$directory" ]; then [ -z "$(ls -A -- "$directory")" ] || exit ${NOTHING_TO_BORROW}; fi
mkdir -p -- "$mark"
head=$(cat -- "$borrowed/head")
git init --quiet -- "$directory"
cd -- "$directory"
printf '%s\\n' "$borrowed/objects" >.git/objects/info/alternates
cat -- "$borrowed/packed-refs" >.git/packed-refs
mkdir -p .git/refs/remotes/origin
printf 'ref: refs/remotes/origin/%s\\n' "$head" >.git/refs/remotes/origin/HEAD
printf '[remote "origin"]\\n\\turl = %s\\n\\tfetch = +refs/heads/*:refs/remotes/origin/*\\n' "$url" >>.git/config
[ -z "$name" ] || git config user.name "$name"
[ -z "$email" ] || git config user.email "$email"
# Not asked of git, for which a ref whose object is broken is none.
has() { cut -d ' ' -f 2- .git/packed-refs | grep -qxF -- "refs/remotes/origin/$1"; }
start=$branch
if [ -z "$branch" ] || [ -n "$new" ] || ! has "$branch"; then
  start=\${base:-$head}
  if [ -n "$base" ] && ! has "$base"; then
    cd / && find "$directory" -mindepth 1 -delete
    rm -rf -- "$mark"
    exit ${ABSENT}
  fi
fi
if [ $# -gt 0 ]; then
  git sparse-checkout init --cone
  printf '%s\\n' "$@" | git sparse-checkout set --stdin
fi
track=--track
stands=\${branch:-$start}
[ "$stands" = "$start" ] || track=--no-track
git checkout --quiet --no-recurse-submodules "$track" -b "$stands" "refs/remotes/origin/$start" --
rm -rf -- "$mark"
printf '%s\\n%s\\n' "$stands" "\${base:-$head}"
`;
