import type { GitCommand } from "./command.ts";

/** Brings what is known of the remote up to date; all of it where no branches are named. */
export function fetchBranches(branches: readonly string[]): GitCommand<void> {
  const refs = branches.map((branch) => `+refs/heads/${branch}:refs/remotes/origin/${branch}`);
  return {
    argv: ["git", "fetch", "--progress", "--no-recurse-submodules", "--", "origin", ...refs],
    parse: () => undefined,
  };
}
