import { isWsError, WsError } from "../errors.ts";
import { excerpt } from "../names.ts";
import type { Box } from "../ports.ts";

/** Where a file that is given goes: `~/…`, a path below the home, or an absolute one. Throws `file_not_found` for what is no path of a file. */
export function targetPath(box: Box, target: string): string {
  const path = target.startsWith("/") ? target : `${box.home}/${target.replace(/^~\//, "")}`;
  const segments = path.split("/").slice(1);
  if (segments.every((segment) => segment !== "" && segment !== "." && segment !== "..") && !path.includes("\0")) {
    return path;
  }
  throw notGiven(target, "Its destination is no path of a file.");
}

export function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** Whether the directory has to be made. A link on the way, which whoever is inside may have put there, is not followed. */
export async function requireOwnWay(box: Box, path: string, target: string, signal: AbortSignal): Promise<boolean> {
  const directory = directoryOf(path);
  if (!directory.startsWith(`${box.home}/`)) return false;
  const below = directory.slice(box.home.length + 1).split("/");
  for (let depth = 1; depth <= below.length; depth += 1) {
    const at = [box.home, ...below.slice(0, depth)].join("/");
    const type = (await statAt(box, at, signal))?.type;
    if (type === undefined) return true;
    if (type === "symlink") throw notGiven(target, `${excerpt(at)} is a link in this workspace.`);
  }
  return false;
}

/** Undefined where nothing is there. */
export async function statAt(
  box: Box,
  path: string,
  signal: AbortSignal,
): Promise<Awaited<ReturnType<Box["files"]["stat"]>> | undefined> {
  try {
    return await box.files.stat(path, signal);
  } catch (error) {
    if (isWsError(error, "file_not_found")) return undefined;
    throw error;
  }
}

export function notGiven(target: string, message: string): WsError {
  return new WsError("file_not_found", { message, data: { path: excerpt(target) } });
}
