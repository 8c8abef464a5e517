import type { GitCommand } from "./command.ts";

/** How many commits no branch of a remote has, as it was last seen: of all branches, and of what is checked out anywhere. */
export function unpushedCommits(): GitCommand<number> {
  return {
    argv: [
      "git",
      "rev-list",
      "--count",
      // Stashes are counted by themselves; a tag of the remote's may stand on no branch of it.
      "--exclude=refs/stash",
      "--exclude=refs/remotes/*",
      "--exclude=refs/tags/*",
      "--all",
      "--not",
      "--remotes",
    ],
    parse: (stdout) => Number(stdout.trim()),
  };
}

/** Directories of all worktrees of the repository, the main one first. */
export function worktrees(): GitCommand<string[]> {
  return {
    argv: ["git", "worktree", "list", "--porcelain", "-z"],
    parse: (stdout) =>
      stdout.split("\0\0").flatMap((block) => {
        const lines = block.split("\0");
        const path = lines.find((line) => line.startsWith("worktree "))?.slice("worktree ".length);
        // What is gone from the disk holds nothing any more.
        return path === undefined || lines.some((line) => line.startsWith("prunable")) ? [] : [path];
      }),
  };
}
