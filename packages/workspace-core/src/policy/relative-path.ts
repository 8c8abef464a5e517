import { WsError } from "../errors.ts";
import { excerpt } from "../names.ts";

/** What Linux takes as a path, and as one name in it, in bytes. */
const LONGEST_PATH = 4_095;
const LONGEST_NAME = 255;

/**
 * A path below a workspace's directory in its one form: segments joined by `/`, `""` for the directory itself. Throws `path_traversal` for
 * whatever could lead out (`..`, absolute, NUL) and for what can be no path at all.
 */
export function relativePath(path: string): string {
  if (path.startsWith("/")) throw leadsOut(path, "it begins at the root of the file system");
  if (path.includes("\0") || !path.isWellFormed()) throw leadsOut(path, "it is not the path of a file");
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.includes("..")) throw leadsOut(path, "it goes up with '..'");
  if (utf8Length(path) > LONGEST_PATH || segments.some((segment) => utf8Length(segment) > LONGEST_NAME)) {
    throw leadsOut(path, "it is longer than a path can be");
  }
  return segments.join("/");
}

/** The segments of a path that is in its one form. */
export function segmentsOf(path: string): string[] {
  return path === "" ? [] : path.split("/");
}

function leadsOut(path: string, why: string): WsError<"path_traversal"> {
  return new WsError("path_traversal", {
    message: `'${excerpt(path)}' is refused: ${why}.`,
    next: "Give a path below the workspace's directory, such as src/main.ts.",
    data: { path: excerpt(path) },
  });
}

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x80) length += 1;
    else if (point < 0x800) length += 2;
    else if (point < 0x10000) length += 3;
    else length += 4;
  }
  return length;
}
