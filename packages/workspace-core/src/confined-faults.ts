import { leadsOut, noPath } from "./confined-path.ts";
import { WsError } from "./errors.ts";
import { excerpt } from "./names.ts";

/** What may be wrong with a path below a confined root, by the domain's own code. */
export type ConfinedFault = keyof typeof FAULTS;

/** The one error for each of them, whichever runtime met it; `why` where only it knows more. */
export function confinedFault(fault: ConfinedFault, path: string, why?: string): WsError {
  return FAULTS[fault](path, why);
}

export function isConfinedFault(text: string): text is ConfinedFault {
  return Object.hasOwn(FAULTS, text);
}

const FAULTS = {
  path_traversal: (path: string, why = "a link on the way does") => leadsOut(path, why),
  invalid_input: (path: string, why = "the file system refuses it") => noPath(path, why),
  file_not_found: (path: string) => fault("file_not_found", path, "does not exist", "See what there is beside it."),
  not_a_directory: (path: string) =>
    fault("not_a_directory", path, "is not a directory", "Name the directory it lies in."),
  is_a_directory: (path: string) => fault("is_a_directory", path, "is a directory", "Name a file."),
  not_a_regular_file: (path: string, why = "is not a regular file") =>
    fault("not_a_regular_file", path, why, "Name a regular file; of a link, what it leads to."),
  permission_denied: (path: string) =>
    fault("permission_denied", path, "may not be used by the workspace's user", "Look at its owner and mode."),
  file_exists: (path: string) =>
    fault("file_exists", path, "is there already", "Name another, or ask for it to be replaced."),
  file_changed: (path: string) =>
    fault("file_changed", path, "has changed since it was read", "Read it again and repeat the change on that."),
  directory_not_empty: (path: string) =>
    fault(
      "directory_not_empty",
      path,
      "is a directory that is not empty",
      "Ask for it to be removed with all it holds.",
    ),
  disk_full: (path: string) =>
    new WsError("disk_full", {
      message: `The disk is full: '${excerpt(path)}' could not be written.`,
      next: "Remove what is no longer needed; 'du -sh ~/* | sort -h' shows what is large.",
      data: {},
    }),
};

type PathCode =
  | "file_not_found"
  | "not_a_directory"
  | "is_a_directory"
  | "not_a_regular_file"
  | "permission_denied"
  | "file_exists"
  | "file_changed"
  | "directory_not_empty";

function fault(code: PathCode, path: string, what: string, next: string): WsError {
  const shown = excerpt(path);
  return new WsError<PathCode>(code, { message: `'${shown}' ${what}.`, next, data: { path: shown } });
}
