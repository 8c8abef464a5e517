import type { GitCommand } from "./command.ts";

/** Clones with the given branch checked out, or the remote's default. */
export function cloneRepository(url: string, directory: string, branch: string | undefined): GitCommand<void> {
  return {
    argv: [
      "git",
      "clone",
      "--progress",
      "--origin=origin",
      "--no-recurse-submodules",
      ...(branch === undefined ? [] : [`--branch=${branch}`]),
      "--",
      url,
      directory,
    ],
    parse: () => undefined,
  };
}
