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

/** Narrows what is checked out to these directories and the files at the top. */
export function narrowTo(directories: readonly string[]): GitCommand<void> {
  const argv = ["git", "sparse-checkout", "set", "--cone", "--stdin"] as const;
  return { argv, stdin: directories.map((path) => `${path}\n`).join(""), parse: () => undefined };
}

/** The remote's default branch; fails where it names none. */
export function defaultBranch(): GitCommand<string> {
  return {
    argv: ["git", "symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"],
    parse: (stdout) => stdout.trim().slice("refs/remotes/origin/".length),
  };
}

/** Notes a setting in the repository itself. */
export function setConfig(key: string, value: string): GitCommand<void> {
  return { argv: ["git", "config", "--local", "--", key, value], parse: () => undefined };
}
