import type { GitCommand } from "./command.ts";

/** Fails where there is no Git LFS. */
export function lfsVersion(): GitCommand<string> {
  return { argv: ["git", "lfs", "version"], parse: (stdout) => stdout.trim() };
}

/** Sets up Git LFS for this repository and fetches its large files. */
export function fetchLargeFiles(): readonly GitCommand<void>[] {
  const quiet = { parse: () => undefined };
  return [
    { argv: ["git", "lfs", "install", "--local"], ...quiet },
    { argv: ["git", "lfs", "pull"], ...quiet },
  ];
}
