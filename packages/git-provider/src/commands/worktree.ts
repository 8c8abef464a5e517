import type { GitCommand } from "./command.ts";

const quiet = { parse: () => undefined };

/** Makes a worktree at this path on a new branch that begins at a commit or branch; nothing of the path may be there. */
export function addWorktreeAt(path: string, branch: string, start: string): GitCommand<void> {
  return { argv: ["git", "worktree", "add", "--quiet", "--no-track", "-b", branch, "--", path, start], ...quiet };
}

/** The same on a branch that is there already. */
export function checkOutWorktreeAt(path: string, branch: string): GitCommand<void> {
  return { argv: ["git", "worktree", "add", "--quiet", "--", path, branch], ...quiet };
}

/** Removes it with all that is in it; `git worktree remove` itself refuses what is not committed unless it is forced. */
export function removeWorktreeAt(path: string, { force }: { force: boolean }): GitCommand<void> {
  return { argv: ["git", "worktree", "remove", ...(force ? ["--force", "--force"] : []), "--", path], ...quiet };
}

/** Forgets worktrees whose directories are gone. */
export function pruneWorktrees(): GitCommand<void> {
  return { argv: ["git", "worktree", "prune"], ...quiet };
}

/** The commit of a reference; fails where there is none. */
export function commitOf(ref: string): GitCommand<string> {
  return {
    argv: ["git", "rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`],
    parse: (stdout) => stdout.trim(),
  };
}

/** How many of these commits' history no branch of a remote has, as it was last seen. */
export function unpushedOf(commits: readonly string[]): GitCommand<number> {
  return {
    argv: ["git", "rev-list", "--count", ...commits, "--not", "--remotes"],
    parse: (stdout) => Number(stdout.trim()),
  };
}

/** Forgets a branch, which must not be checked out. */
export function deleteBranch(branch: string): GitCommand<void> {
  return { argv: ["git", "branch", "--quiet", "-D", "--", branch], ...quiet };
}
