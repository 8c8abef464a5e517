import type { GitCommand } from "./command.ts";

export function addAll(): GitCommand<void> {
  return { argv: ["git", "add", "--all", "--", ":/"], parse: () => undefined };
}

/** Commits what is staged in the name of whoever is set up; without one it is refused rather than guessed. */
export function commitStaged(message: string): GitCommand<void> {
  return {
    argv: ["git", "-c", "user.useConfigOnly=true", "commit", "--quiet", `--message=${message}`],
    parse: () => undefined,
  };
}
