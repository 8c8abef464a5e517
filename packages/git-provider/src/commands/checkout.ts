import type { GitCommand } from "./command.ts";

/** Makes a branch from what is checked out and stands on it; in an empty repository it is the branch to be born. */
export function createBranch(branch: string): GitCommand<void> {
  return { argv: ["git", "checkout", "--quiet", "--no-track", "-b", branch, "--"], parse: () => undefined };
}

/** The branch that is checked out, born or not; `HEAD` where it is none. */
export function currentBranch(): GitCommand<string> {
  return { argv: ["git", "symbolic-ref", "--quiet", "--short", "HEAD"], parse: (stdout) => stdout.trim() || "HEAD" };
}

/** The commit that is checked out; fails before the first one. */
export function headCommit(): GitCommand<string> {
  return { argv: ["git", "rev-parse", "--verify", "--quiet", "HEAD^{commit}"], parse: (stdout) => stdout.trim() };
}

/** As it is written in the repository's own configuration; empty where there is none. */
export function originUrl(): GitCommand<string> {
  return { argv: ["git", "config", "--local", "--get", "remote.origin.url"], parse: (stdout) => stdout.trim() };
}
