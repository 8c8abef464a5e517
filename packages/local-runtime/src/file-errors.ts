import { abortedError, isWsError, WsError } from "@ws/workspace-core";

/** The domain error for what the file system answered about a path; a domain error stays as it is. */
export function fileError(error: unknown, path: string): WsError {
  if (isWsError(error)) return error;
  const options = { cause: error };
  switch (codeOf(error)) {
    case "ENOENT":
      return new WsError("file_not_found", { message: `There is no '${path}'.`, data: { path }, ...options });
    case "ENOTDIR":
      return new WsError("not_a_directory", { message: `'${path}' is not a directory.`, data: { path }, ...options });
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ELOOP":
      return refused(path, "The file system refuses it", error);
    case "ENOSPC":
    case "EDQUOT":
      return new WsError("disk_full", {
        message: `The disk is full: '${path}' could not be written.`,
        next: "Free some space, for example by deleting workspaces that are no longer needed, and try again.",
        data: {},
        ...options,
      });
    case "EISDIR":
    case "EEXIST":
    case "ENOTEMPTY":
    case "ENAMETOOLONG":
    case "EFBIG":
    case "EINVAL":
    case "EXDEV":
    case "EBUSY":
      return unusable(path, `the file system answers ${codeOf(error)}`, error);
    default:
      if (error instanceof Error && error.name === "AbortError") return abortedError(error);
      return new WsError("internal", {
        message: `'${path}' could not be used: ${String(error)}`,
        data: {},
        ...options,
      });
  }
}

/** A path that leads outside the workspace, or that its user may not use. */
export function refused(path: string, reason: string, cause?: unknown): WsError<"permission_denied"> {
  return new WsError("permission_denied", {
    message: `Permission denied: '${path}'. ${reason}.`,
    data: { path },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A path that names something other than what the operation needs. */
export function unusable(path: string, reason: string, cause?: unknown): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `'${path.replaceAll("\0", "\\0")}' cannot be used: ${reason}.`,
    data: { field: "path" },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The code of a Node system error, or nothing. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Nothing, where that is what the error means; thrown on where it only means that no more files can be opened now. */
export function nothingUnlessCrowded(error: unknown): undefined {
  const code = codeOf(error);
  if (code === "EMFILE" || code === "ENFILE") throw error;
  return undefined;
}
