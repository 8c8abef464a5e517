import { isWsError } from "../../errors.ts";
import { parsePatch } from "./parse-patch.ts";

/** The paths that a patch names, before and after; none where it cannot be read, and so changes nothing. */
export function patchedPaths(patch: string): string[] {
  try {
    const paths = parsePatch(patch).flatMap(({ from, to }) => [from, to]);
    return [...new Set(paths.filter((path) => path !== undefined))];
  } catch (error) {
    if (isWsError(error, "patch_check_failed")) return [];
    throw error;
  }
}
