import type { CheckoutOptions } from "@ws/workspace-core";
import type { GitCommand } from "./command.ts";

/** Clones with the given branch checked out, or the remote's default; of a sparse one only the files at the top. */
export function cloneRepository(
  url: string,
  directory: string,
  { branch, depth, filter, sparse }: CheckoutOptions & { branch: string | undefined },
): GitCommand<void> {
  return {
    argv: [
      "git",
      "clone",
      "--progress",
      "--origin=origin",
      "--no-recurse-submodules",
      ...(branch === undefined ? [] : [`--branch=${branch}`]),
      ...(depth === undefined ? [] : [`--depth=${depth}`]),
      ...(filter === undefined ? [] : [`--filter=${filter}`]),
      ...(sparse === undefined ? [] : ["--sparse"]),
      "--",
      url,
      directory,
    ],
    parse: () => undefined,
  };
}
