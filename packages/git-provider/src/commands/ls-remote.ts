import type { GitCommand } from "./command.ts";

/** Which of these branches the remote has. */
export function listRemoteBranches(url: string, branches: readonly string[]): GitCommand<Set<string>> {
  return {
    argv: ["git", "ls-remote", "--heads", "--", url, ...branches.map((branch) => `refs/heads/${branch}`)],
    parse(stdout) {
      const heads = new Set(stdout.split("\n").map((line) => line.split("\t")[1]));
      // A pattern also matches the tail of longer names, so what came back is compared as a whole.
      return new Set(branches.filter((branch) => heads.has(`refs/heads/${branch}`)));
    },
  };
}

/** The commit at which the remote has a branch; undefined where it has none. */
export function listRemoteHead(url: string, branch: string): GitCommand<string | undefined> {
  const ref = `refs/heads/${branch}`;
  return {
    argv: ["git", "ls-remote", "--heads", "--", url, ref],
    parse: (stdout) =>
      stdout
        .split("\n")
        .map((line) => line.split("\t"))
        .find(([, name]) => name === ref)?.[0],
  };
}
