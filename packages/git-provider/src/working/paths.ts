import { relativePath, WsError } from "@ws/workspace-core";

/**
 * Paths of a repository as git takes them: relative to its top, in their one form, `.` for the whole. Throws `path_traversal` for what could lead out.
 */
export function repositoryPaths(paths: readonly string[]): string[] {
  return paths.map((path) => repositoryPath(path));
}

export function repositoryPath(path: string): string {
  return relativePath(path) || ".";
}

/** What one argument list holds of paths on every system, with room for the rest. */
const MOST = 60_000;

/** The same for a command that takes them as arguments. Throws `invalid_input` where they are too many. */
export function pathArguments(paths: readonly string[] | undefined): readonly string[] {
  if (paths === undefined || paths.length === 0) return [];
  const given = repositoryPaths(paths);
  if (new TextEncoder().encode(given.join("\0")).length <= MOST) return ["--", ...given];
  throw new WsError("invalid_input", {
    message: `These are too many paths at once: ${paths.length}.`,
    next: "Name fewer, or the directories that hold them.",
    data: { field: "paths" },
  });
}

/** For a command that reads them: `--pathspec-from-file=- --pathspec-file-nul`. */
export function pathsAsInput(paths: readonly string[]): { args: readonly string[]; stdin: string; paths: true } {
  const stdin = repositoryPaths(paths)
    .map((path) => `${path}\0`)
    .join("");
  return { args: ["--pathspec-from-file=-", "--pathspec-file-nul"], stdin, paths: true };
}
