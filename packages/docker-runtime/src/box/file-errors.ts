import { isWsError, type FileStat, WsError } from "@ws/workspace-core";

import { SFTP_FAILURE, SFTP_NO_SUCH_FILE, SFTP_PERMISSION_DENIED, sftpCode } from "./sftp.ts";

/** What a failed request means. SFTP has four codes for everything, so it takes a look at what is there. */
export async function fileError(
  error: unknown,
  path: string,
  look: {
    lstat(path: string): Promise<FileStat | undefined>;
    /** Bytes that this user can still write below the path. */
    free(path: string): Promise<number | undefined>;
  },
): Promise<WsError> {
  if (isWsError(error)) return error;
  const code = sftpCode(error);
  if (code === SFTP_PERMISSION_DENIED) return permissionDenied(path, error);
  if (code === SFTP_NO_SUCH_FILE) {
    const blocker = await fileInTheWay(path, look.lstat);
    return blocker === undefined ? fileNotFound(path, error) : notADirectory(blocker, error);
  }
  if (code === SFTP_FAILURE) {
    const free = await look.free(parentOf(path));
    if (free !== undefined && free < NEARLY_NOTHING) return diskFull(free, error);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new WsError("internal", { message: `The file ${path} could not be used: ${message}`, data: {}, cause: error });
}

export function fileNotFound(path: string, cause?: unknown): WsError {
  return new WsError("file_not_found", { message: `There is no file ${path}.`, data: { path }, cause });
}

export function notADirectory(path: string, cause?: unknown): WsError {
  return new WsError("not_a_directory", { message: `${path} is not a directory.`, data: { path }, cause });
}

export function notAFile(path: string): WsError {
  return new WsError("invalid_input", { message: `${path} is not a regular file.`, data: { field: "path" } });
}

export function permissionDenied(path: string, cause?: unknown): WsError {
  return new WsError("permission_denied", {
    message: `The workspace's user may not use ${path}.`,
    next: "Look at the owner and the mode with 'ls -ld'.",
    data: { path },
    cause,
  });
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

export function diskFull(freeBytes?: number, cause?: unknown): WsError {
  return new WsError("disk_full", {
    message: "The workspace's disk is full.",
    next: "Remove what is no longer needed; 'du -sh ~/* | sort -h' shows what is large.",
    data: freeBytes === undefined ? {} : { freeBytes },
    cause,
  });
}

/** One block may be left and still be too little. */
const NEARLY_NOTHING = 64 * 1024;

/** The server answers "no such file" also where a part of the path is a file. */
async function fileInTheWay(
  path: string,
  lstat: (path: string) => Promise<FileStat | undefined>,
): Promise<string | undefined> {
  for (let each = path; ; each = parentOf(each)) {
    const stat = await lstat(each);
    if (stat !== undefined) return stat.type === "file" || stat.type === "other" ? each : undefined;
    if (each === "/") return undefined;
  }
}
