import { WsError } from "./errors.ts";
import { excerpt } from "./names.ts";

// What the kernel takes.
const LONGEST_PATH = 4_096;
const LONGEST_NAME = 255;

/**
 * The names of a path below a confined root. `.` and empty ones are left out. Throws `path_traversal` for `..`, an
 * absolute path and NUL, wherever they would lead, and `invalid_input` for what no file can be called.
 */
export function confinedNames(path: string): string[] {
  if (path.startsWith("/")) throw leadsOut(path, "it is absolute");
  if (path.includes("\0")) throw leadsOut(path, "it contains a NUL byte");
  if (!path.isWellFormed()) throw noPath(path, "it is not well-formed Unicode");
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  if (names.includes("..")) throw leadsOut(path, "'..' is not part of a path here");
  if (isLonger(path, LONGEST_PATH - 1) || names.some((name) => isLonger(name, LONGEST_NAME)))
    throw noPath(path, "it is too long");
  return names;
}

/** For what leads out of the root: by its own words, or through a link. */
export function leadsOut(path: string, why: string): WsError<"path_traversal"> {
  return new WsError("path_traversal", {
    message: `'${excerpt(path)}' leads out of its directory: ${why}.`,
    next: "Name a path below the directory, without '..'.",
    data: { path: excerpt(path) },
  });
}

export function noPath(path: string, why: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `'${excerpt(path)}' cannot be used as a path: ${why}.`,
    next: "Name another path.",
    data: { field: "path" },
  });
}

/** Counted only where it matters: a listing asks for each of its names. */
function isLonger(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && new TextEncoder().encode(text).length > bytes;
}
