import { confinedNames } from "../confined-path.ts";

/**
 * A path below a workspace's directory in its one form: segments joined by `/`, `""` for the directory itself. Throws `path_traversal` for
 * whatever could lead out (`..`, absolute, NUL) and `invalid_input` for what can be no path at all.
 */
export function relativePath(path: string): string {
  return confinedNames(path).join("/");
}

/** The segments of a path that is in its one form. */
export function segmentsOf(path: string): string[] {
  return path === "" ? [] : path.split("/");
}
